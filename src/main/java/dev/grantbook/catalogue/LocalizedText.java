package dev.grantbook.catalogue;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text in several languages, by language code ({@code en}, {@code zh}, {@code zh-Hant}). English, or else the first,
 * stands in for a language that is missing.
 */
public record LocalizedText(Map<String, String> byLanguage) {

    /** Reads either one text, which is then for everybody, or a mapping of languages to texts. */
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
        String exact = byLanguage.get(locale.toLanguageTag());
        if (exact != null) {
            return exact;
        }
        String language = byLanguage.get(locale.getLanguage());
        if (language != null) {
            return language;
        }
        String english = byLanguage.get("en");
        return english != null ? english : byLanguage.values().iterator().next();
    }
}
