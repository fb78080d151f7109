package dev.grantbook.doctor;

import dev.grantbook.platform.json.WireName;
import dev.grantbook.platform.pages.PerLanguage;
import dev.grantbook.platform.pages.Texts;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * Something that was tried.
 *
 * @param key of the connector's declaration, as in the connectors file: {@code client-secret}, {@code deliveries.url}
 * @param text key of the text
 * @param values fill in {@code {0}}, {@code {1}} and so on; never a secret
 */
public record Finding(Severity severity, String key, String text, List<String> values) {

    private static final PerLanguage<ResourceBundle> TEXTS = PerLanguage.readTexts("dev.grantbook.doctor.messages");

    public enum Severity implements WireName {
        /** It works. */
        FINE,
        /** It may work, or cannot be told from here. */
        WARNING,
        /** Users will fail. */
        FAULT
    }

    static Finding fine(String key, String text, String... values) {
        return new Finding(Severity.FINE, key, text, List.of(values));
    }

    static Finding warning(String key, String text, String... values) {
        return new Finding(Severity.WARNING, key, text, List.of(values));
    }

    static Finding fault(String key, String text, String... values) {
        return new Finding(Severity.FAULT, key, text, List.of(values));
    }

    public String describe(Locale locale) {
        return Texts.fill(locale, TEXTS.in(locale).getString(text), values.toArray());
    }
}
