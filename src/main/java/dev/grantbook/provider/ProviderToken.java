package dev.grantbook.provider;

import dev.grantbook.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A token that a provider issued for something of a user's: a Page, or the user beside an installed bot.
 *
 * @param kind one word in lower case: {@code page}, {@code user}
 * @param id of at most 255 characters
 * @param name one line; null when the provider named none
 * @param refreshToken null when none came
 * @param expiresIn lifetime; null when the provider named none
 */
public record ProviderToken(
        String kind,
        String id,
        @Nullable String name,
        Secret token,
        @Nullable Secret refreshToken,
        @Nullable Duration expiresIn) {

    public ProviderToken(String kind, String id, @Nullable String name, Secret token) {
        this(kind, id, name, token, null, null);
    }

    /** Shortens the lifetime by the time since the reply. */
    public ProviderToken after(Duration passed) {
        if (expiresIn == null) {
            return this;
        }
        Duration left = expiresIn.minus(passed);
        return new ProviderToken(kind, id, name, token, refreshToken, left.isNegative() ? Duration.ZERO : left);
    }
}
