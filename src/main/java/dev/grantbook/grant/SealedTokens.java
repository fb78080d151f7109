package dev.grantbook.grant;

import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The sealed tokens of one row, when they end, and how refreshing them goes: one caller at a time, which has the lease,
 * and with a pause after each failure.
 */
@Embeddable
public class SealedTokens {

    /** Or the signing key that stands in its place. */
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

    /**
     * Takes the tokens of a new authorization, in place of all that was there.
     *
     * @param expiresIn null when the provider named no lifetime
     */
    void issue(Sealed newAccess, @Nullable Sealed newRefresh, @Nullable Duration expiresIn, Instant now) {
        refresh = newRefresh;
        lifetime = null;
        replace(newAccess, expiresIn, now);
    }

    /**
     * Takes the tokens of a refresh. RFC 6749 section 6: a reply without a refresh token leaves the old one in place;
     * and without a lifetime, the last known one counts.
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

    /** Takes a new refresh token, if there is one; the access token is newer than it, and stays. */
    public void rotate(@Nullable Sealed newRefresh) {
        refresh = newRefresh == null ? refresh : newRefresh;
    }

    /** Counts a failed refresh. The tokens stay. */
    public void failRefresh(Instant nextTry) {
        refreshFailures++;
        retryAt = nextTry;
        releaseLease();
    }

    void releaseLease() {
        leaseOwner = null;
        leaseUntil = null;
    }

    /** Ends the access token now: the provider rejects it, and a refresh can replace it. */
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

    /** When the access token ends; null when that is not known. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** When the access token came. */
    public Instant issuedAt() {
        return issuedAt;
    }

    /** How many refreshes have failed in a row. */
    public int refreshFailures() {
        return refreshFailures;
    }

    /** When the next refresh may be tried; null unless the last one failed. */
    public @Nullable Instant retryAt() {
        return retryAt;
    }

    public boolean isLeasedTo(String owner) {
        return owner.equals(leaseOwner);
    }

    /** Whether the lifetime of the access token is over. */
    boolean isOver(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /** Whether a failed refresh has still to be waited out. */
    boolean isPausing(Instant now) {
        return retryAt != null && retryAt.isAfter(now);
    }

    /**
     * @param margin how long before its end a token is replaced; at most half of its life, for those that live shorter
     */
    boolean isNearItsEnd(Duration margin, Instant now) {
        if (expiresAt == null) {
            return false;
        }
        Duration half = Duration.between(issuedAt, expiresAt).dividedBy(2);
        return !expiresAt.minus(half.compareTo(margin) < 0 ? half : margin).isAfter(now);
    }
}
