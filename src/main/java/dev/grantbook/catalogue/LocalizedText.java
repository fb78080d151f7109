package dev.grantbook.catalogue;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text by language code ({@code en}, {@code zh}, {@code zh-Hant}); English, or else the first, replaces a missing
 * one.
 */
public record LocalizedText(Map<String, String> byLanguage) {

    /** Reads one text, which counts as English, or a mapping of languages to texts. */
    public static LocalizedText from(@Nullable JsonValue value, String otherwise) {
        var words = new LinkedHashMap<String, String>();
        if (value instanceof JsonString text) {
            words.put("en", text.getString());
        } else if (value instanceof JsonObject object) {
            object.forEach((language, text) -> words.put(language, ((JsonString) text).getString()));
        }
        if (words.isEmpty()) {
            words.put("en", otherwise);
        }
        return new LocalizedText(words);
    }

    public String in(Locale locale) {
        return Stream.of(locale.toLanguageTag(), locale.getLanguage(), "en")
                .filter(byLanguage::containsKey)
                .findFirst()
                .map(byLanguage::get)
                .orElseGet(() -> byLanguage.values().iterator().next());
    }
}
