package dev.grantbook.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A successful reply of a token end point (RFC 6749 section 5.1).
 *
 * @param tokenType how to present the token, in the form that RFC 6750 writes: {@code Bearer}
 * @param expiresIn how long the token lives; null when the provider did not say, which means: nobody knows
 * @param scopes what was granted; null when the provider did not say, which RFC 6749 reads as: what was asked
 */
public record TokenResponse(
        Secret accessToken,
        String tokenType,
        @Nullable Duration expiresIn,
        @Nullable Secret refreshToken,
        @Nullable Scopes scopes) {}
