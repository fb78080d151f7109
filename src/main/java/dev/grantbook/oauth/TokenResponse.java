package dev.grantbook.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A successful reply of a token endpoint (RFC 6749 section 5.1).
 *
 * @param accessToken or what replaces it where calls are signed
 * @param tokenType how to present the token, as RFC 6750 writes it: {@code Bearer}
 * @param expiresIn lifetime of the token; null when the provider did not say: unknown
 * @param scopes granted scopes; null when the provider did not say: as requested (RFC 6749)
 * @param idToken ID token (OpenID Connect Core 1.0 section 2), not yet verified; null for none
 */
public record TokenResponse(
        Secret accessToken,
        String tokenType,
        @Nullable Duration expiresIn,
        @Nullable Secret refreshToken,
        @Nullable Scopes scopes,
        @Nullable Secret idToken) {

    /** Takes over a better token; what the better reply does not say stays. */
    public TokenResponse with(TokenResponse better) {
        return new TokenResponse(
                better.accessToken,
                better.tokenType,
                better.expiresIn,
                better.refreshToken == null ? refreshToken : better.refreshToken,
                better.scopes == null ? scopes : better.scopes,
                better.idToken == null ? idToken : better.idToken);
    }

    /** Adds the usual lifetime, if known, where the reply names none. */
    public TokenResponse livingFor(@Nullable Duration usual) {
        return expiresIn == null
                ? new TokenResponse(accessToken, tokenType, usual, refreshToken, scopes, idToken)
                : this;
    }

    /** Reduces the lifetime by the time since the request: it counts from when the reply was made. */
    public TokenResponse after(Duration passed) {
        if (expiresIn == null) {
            return this;
        }
        Duration left = expiresIn.minus(passed);
        return new TokenResponse(
                accessToken, tokenType, left.isNegative() ? Duration.ZERO : left, refreshToken, scopes, idToken);
    }

    /** Replaces the granted scopes. */
    public TokenResponse with(Scopes granted) {
        return new TokenResponse(accessToken, tokenType, expiresIn, refreshToken, granted, idToken);
    }
}
