package dev.grantbook.catalogue;

import jakarta.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where users of a provider withdraw what they allowed.
 *
 * @param path through the menus, in the provider's own words: {@code Settings > Privacy > Authorization}
 * @param url address of that page, or of one close to it; null where only an app has it
 */
public record AccountSettings(LocalizedText path, @Nullable LocalizedText url) {

    public static @Nullable AccountSettings from(@Nullable JsonObject json) {
        return json == null
                ? null
                : new AccountSettings(
                        LocalizedText.from(json.get("path"), ""),
                        json.containsKey("url") ? LocalizedText.from(json.get("url"), "") : null);
    }

    public @Nullable String url(Locale locale) {
        return url == null ? null : url.in(locale);
    }
}
