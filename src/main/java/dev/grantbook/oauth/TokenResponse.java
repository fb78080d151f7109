package dev.grantbook.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A successful reply of a token endpoint (RFC 6749 section 5.1).
 *
 * @param accessToken or what takes its place where calls are signed
 * @param tokenType how to present the token, in the form that RFC 6750 writes: {@code Bearer}
 * @param expiresIn how long the token lives; null when the provider did not say, which means: nobody knows
 * @param scopes what was granted; null when the provider did not say, which RFC 6749 reads as: what was asked
 * @param idToken a signed statement about the user (OpenID Connect Core 1.0 section 2), not yet looked at; null when
 *     there is none
 */
public record TokenResponse(
        Secret accessToken,
        String tokenType,
        @Nullable Duration expiresIn,
        @Nullable Secret refreshToken,
        @Nullable Scopes scopes,
        @Nullable Secret idToken) {

    /** The same with a better token: what the better reply does not say stays. */
    public TokenResponse with(TokenResponse better) {
        return new TokenResponse(
                better.accessToken,
                better.tokenType,
                better.expiresIn,
                better.refreshToken == null ? refreshToken : better.refreshToken,
                better.scopes == null ? scopes : better.scopes,
                better.idToken == null ? idToken : better.idToken);
    }

    /**
     * The same with a lifetime where the reply names none.
     *
     * @param usual null when nobody knows
     */
    public TokenResponse livingFor(@Nullable Duration usual) {
        return expiresIn == null
                ? new TokenResponse(accessToken, tokenType, usual, refreshToken, scopes, idToken)
                : this;
    }

    /** The same a while later: the lifetime counts from when the reply was made, however long it was on its way. */
    public TokenResponse after(Duration passed) {
        if (expiresIn == null) {
            return this;
        }
        Duration left = expiresIn.minus(passed);
        return new TokenResponse(
                accessToken, tokenType, left.isNegative() ? Duration.ZERO : left, refreshToken, scopes, idToken);
    }

    /** The same with what was really granted. */
    public TokenResponse with(Scopes granted) {
        return new TokenResponse(accessToken, tokenType, expiresIn, refreshToken, granted, idToken);
    }
}
