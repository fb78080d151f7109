package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import java.time.Duration;
import java.time.Instant;

/** A row with refreshable tokens. */
public interface TokenHolder {

    /** The key of its row. */
    String rowId();

    /** The grant itself, or the one that the secondary token came with. */
    GrantId grantId();

    SealedTokens tokens();

    /** Binds the sealed access token to this row. */
    String accessTokenAssociatedData();

    /** Binds the sealed refresh token to this row. */
    String refreshTokenAssociatedData();

    /** Whether a refresh is possible. */
    boolean isRefreshable();

    /** Whether the access token has expired. */
    default boolean isOver(Instant now) {
        return tokens().isOver(now);
    }

    /** @param margin how long before its expiry a token is refreshed; at most half of its lifetime */
    default boolean isRefreshDue(Duration margin, Instant now) {
        return mayRefresh(now) && tokens().isNearItsEnd(margin, now);
    }

    /** Whether the token has reached an age at which it is refreshed, since unused refresh tokens expire. */
    default boolean isKeepAliveDue(Duration age, Instant now) {
        return mayRefresh(now) && !tokens().issuedAt().plus(age).isAfter(now);
    }

    private boolean mayRefresh(Instant now) {
        return isRefreshable() && !tokens().isPausing(now);
    }
}
