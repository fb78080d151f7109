package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import java.time.Duration;
import java.time.Instant;

/** A row with tokens of its own, which a refresh replaces by one rule. */
public interface TokenHolder {

    /** The key of its row. */
    String rowId();

    /** The grant itself, or the one that it came with. */
    GrantId grantId();

    SealedTokens tokens();

    /** What the sealed access token is bound to; it opens nowhere else. */
    String accessTokenAssociatedData();

    /** What the sealed refresh token is bound to. */
    String refreshTokenAssociatedData();

    /** Whether another token can be got without the user. */
    boolean isRefreshable();

    /** Whether the lifetime of its access token is over; a refresh may replace it. */
    default boolean isOver(Instant now) {
        return tokens().isOver(now);
    }

    /**
     * Whether it is time for another token.
     *
     * @param margin how long before its end a token is replaced; at most half of its life, for those that live shorter
     */
    default boolean isRefreshDue(Duration margin, Instant now) {
        return mayRefresh(now) && tokens().isNearItsEnd(margin, now);
    }

    /** Whether its token is as old as that, and another one can be got: refresh tokens that are not used die. */
    default boolean isKeepAliveDue(Duration age, Instant now) {
        return mayRefresh(now) && !tokens().issuedAt().plus(age).isAfter(now);
    }

    private boolean mayRefresh(Instant now) {
        return isRefreshable() && !tokens().isPausing(now);
    }
}
