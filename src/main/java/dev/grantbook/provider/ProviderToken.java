package dev.grantbook.provider;

import dev.grantbook.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something of a user's that has a token of its own: a Page that the user runs, the user beside an installed bot.
 *
 * @param kind what it is, one word in lower case: {@code page}, {@code user}
 * @param id the provider's own id; at most 255 characters
 * @param name what people call it, one line; null when the provider did not say
 * @param refreshToken what gets another token; null when none came
 * @param expiresIn how long the token lives; null when the provider did not say
 */
public record ProviderToken(
        String kind,
        String id,
        @Nullable String name,
        Secret token,
        @Nullable Secret refreshToken,
        @Nullable Duration expiresIn) {

    /** One whose token stays as it is. */
    public ProviderToken(String kind, String id, @Nullable String name, Secret token) {
        this(kind, id, name, token, null, null);
    }

    /** The same a while later: the lifetime counts from when the reply was made. */
    public ProviderToken after(Duration passed) {
        if (expiresIn == null) {
            return this;
        }
        Duration left = expiresIn.minus(passed);
        return new ProviderToken(kind, id, name, token, refreshToken, left.isNegative() ? Duration.ZERO : left);
    }
}
