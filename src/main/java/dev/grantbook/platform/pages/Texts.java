package dev.grantbook.platform.pages;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;

/** Texts in the language of the current page: {@code #{text.of('connect.title', name)}}. */
@Named("text")
@RequestScoped
public class Texts {

    private static final String BUNDLE = "dev.grantbook.texts.messages";

    /** @param values for {@code {0}}, {@code {1}} and so on */
    public String of(String key, Object... values) {
        return in(locale(), key, values);
    }

    /** Formats a day of UTC, since the visitor's time zone is not known. */
    public String day(Instant moment) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale())
                .format(moment.atZone(ZoneOffset.UTC));
    }

    public static String in(Locale locale, String key, Object... values) {
        return new MessageFormat(ResourceBundle.getBundle(BUNDLE, locale).getString(key), locale).format(values);
    }

    /** Finds a text that may be missing, without filling in values. */
    public static Optional<String> find(Locale locale, String key) {
        ResourceBundle bundle = ResourceBundle.getBundle(BUNDLE, locale);
        return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
    }

    private static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
