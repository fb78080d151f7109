package dev.grantbook.grant;

import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The sealed tokens of one row, their expiry, and the state of their refresh: the lease, and the pause after a failure.
 */
@Embeddable
public class SealedTokens {

    /** Or the signing key in its place. */
    @Column(name = "access_token")
    private @Nullable Sealed access;

    @Column(name = "refresh_token")
    private @Nullable Sealed refresh;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    /** The last known lifetime of an access token, in seconds; null when the provider never named one. */
    private @Nullable Long lifetime;

    @Column(name = "refreshed_at")
    private Instant issuedAt = Instant.EPOCH;

    @Column(name = "refresh_failures")
    private int refreshFailures;

    @Column(name = "retry_at")
    private @Nullable Instant retryAt;

    @Column(name = "lease_owner")
    private @Nullable String leaseOwner;

    @Column(name = "lease_until")
    private @Nullable Instant leaseUntil;

    void pack(Packing own) {
        access = own.optional(access);
        refresh = own.optional(refresh);
        expiresAt = own.optional(expiresAt);
        lifetime = own.optional(lifetime);
        issuedAt = own.instant(issuedAt);
        refreshFailures = own.number(refreshFailures);
        retryAt = own.optional(retryAt);
        leaseOwner = own.optional(leaseOwner);
        leaseUntil = own.optional(leaseUntil);
    }

    /**
     * Replaces all tokens by those of a new authorization.
     *
     * @param expiresIn null when the token response has no {@code expires_in}
     */
    void issue(Sealed newAccess, @Nullable Sealed newRefresh, @Nullable Duration expiresIn, Instant now) {
        refresh = newRefresh;
        lifetime = null;
        replace(newAccess, expiresIn, now);
    }

    /**
     * Stores the tokens of a refresh. A response without a refresh token keeps the old one (RFC 6749 section 6);
     * without a lifetime, the last known one counts.
     */
    public void refresh(Sealed newAccess, @Nullable Sealed newRefresh, @Nullable Duration expiresIn, Instant now) {
        rotate(newRefresh);
        replace(newAccess, expiresIn, now);
    }

    private void replace(Sealed newAccess, @Nullable Duration expiresIn, Instant now) {
        access = newAccess;
        lifetime = expiresIn == null ? lifetime : Long.valueOf(expiresIn.toSeconds());
        expiresAt = expiresIn != null ? now.plus(expiresIn) : lifetime == null ? null : now.plusSeconds(lifetime);
        issuedAt = now;
        refreshFailures = 0;
        retryAt = null;
        releaseLease();
    }

    /** Replaces the refresh token, unless null; the access token is newer and stays. */
    public void rotate(@Nullable Sealed newRefresh) {
        refresh = newRefresh == null ? refresh : newRefresh;
    }

    public void failRefresh(Instant nextTry) {
        refreshFailures++;
        retryAt = nextTry;
        releaseLease();
    }

    void releaseLease() {
        leaseOwner = null;
        leaseUntil = null;
    }

    /** Expires the access token now, so that a refresh replaces it. */
    void endAccess(Instant now) {
        expiresAt = now;
    }

    void destroyRefresh() {
        refresh = null;
    }

    void destroy() {
        access = null;
        refresh = null;
        expiresAt = null;
        retryAt = null;
        releaseLease();
    }

    public @Nullable Sealed access() {
        return access;
    }

    public @Nullable Sealed refresh() {
        return refresh;
    }

    /** When the access token expires; null when unknown. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    public Instant issuedAt() {
        return issuedAt;
    }

    /** Refreshes that failed in a row. */
    public int refreshFailures() {
        return refreshFailures;
    }

    /** When the next refresh may start; null unless the last one failed. */
    public @Nullable Instant retryAt() {
        return retryAt;
    }

    public boolean isLeasedTo(String owner) {
        return owner.equals(leaseOwner);
    }

    boolean isOver(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    boolean isPausing(Instant now) {
        return retryAt != null && retryAt.isAfter(now);
    }

    /** @param margin how long before its expiry a token is refreshed; at most half of its lifetime */
    boolean isNearItsEnd(Duration margin, Instant now) {
        if (expiresAt == null) {
            return false;
        }
        Duration half = Duration.between(issuedAt, expiresAt).dividedBy(2);
        return !expiresAt.minus(half.compareTo(margin) < 0 ? half : margin).isAfter(now);
    }
}
