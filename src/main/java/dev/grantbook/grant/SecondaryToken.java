package dev.grantbook.grant;

import dev.grantbook.token.SecondaryRefreshLeases;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something of the user's that came with a grant and has a token of its own: a Page that the user runs. Each new exchange
 * brings the whole list anew, and the end of the grant destroys it. Its token may have an end, and a refresh token that
 * gets another one; see {@link SecondaryRefreshLeases}.
 */
@Entity
@Table(name = "holding")
public class SecondaryToken {

    @Id
    private String id = "";

    @Column(name = "grant_id")
    private String grantId = "";

    private String kind = "";

    @Column(name = "external_id")
    private String externalId = "";

    private @Nullable String name;

    @SuppressWarnings("NullAway.Init") // JPA sets it
    private Sealed token;

    @Column(name = "refresh_token")
    private @Nullable Sealed refreshToken;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    /** The lifetime of a token that the provider told last, in seconds; null when it never told one. */
    private @Nullable Long lifetime;

    /** How often in a row no other token could be got. */
    @Column(name = "refresh_failures")
    private int refreshFailures;

    /** No refresh before this, since the last one failed. */
    @Column(name = "retry_at")
    private @Nullable Instant retryAt;

    /** Who refreshes at the moment. */
    @Column(name = "lease_owner")
    private @Nullable String leaseOwner;

    @Column(name = "lease_until")
    private @Nullable Instant leaseUntil;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    protected SecondaryToken() {}

    SecondaryToken(
            String id,
            String grantId,
            String kind,
            String externalId,
            @Nullable String name,
            Sealed token,
            @Nullable Sealed refreshToken,
            @Nullable Duration expiresIn,
            Instant now) {
        this.id = id;
        this.grantId = grantId;
        this.kind = kind;
        this.externalId = externalId;
        this.name = name;
        this.token = token;
        this.refreshToken = refreshToken;
        live(expiresIn, now);
        this.updatedAt = now;
    }

    private void live(@Nullable Duration expiresIn, Instant now) {
        if (expiresIn != null) {
            lifetime = expiresIn.toSeconds();
            expiresAt = now.plus(expiresIn);
        } else {
            expiresAt = lifetime == null ? null : now.plusSeconds(lifetime);
        }
    }

    /** Takes what a refresh brought; what it does not speak of stays. */
    public void refresh(Sealed newToken, @Nullable Sealed newRefreshToken, @Nullable Duration expiresIn, Instant now) {
        token = newToken;
        refreshToken = newRefreshToken == null ? refreshToken : newRefreshToken;
        live(expiresIn, now);
        updatedAt = now;
        refreshFailures = 0;
        retryAt = null;
        release();
    }

    /** Takes the place of a refresh token that was used; the token that is there came otherwise, and stays. */
    public void rotate(Sealed newRefreshToken) {
        refreshToken = newRefreshToken;
    }

    /** No other token could be got this time. What there is stays. */
    public void refreshFailed(Instant nextTry) {
        refreshFailures++;
        retryAt = nextTry;
        release();
    }

    /** No other token can be got any more. The one that there is stays good until its end. */
    public void refreshRefused() {
        refreshToken = null;
        release();
    }

    public void lease(String owner, Instant until) {
        leaseOwner = owner;
        leaseUntil = until;
    }

    private void release() {
        leaseOwner = null;
        leaseUntil = null;
    }

    public boolean isLeased(Instant now) {
        return leaseUntil != null && leaseUntil.isAfter(now);
    }

    public boolean isLeasedTo(String owner) {
        return owner.equals(leaseOwner);
    }

    /** Whether the lifetime of its token is over; another one may be to be had. */
    public boolean isOver(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /**
     * Whether it is time for another token.
     *
     * @param margin how long before its end a token is replaced; at most half of its life, for those that live shorter
     */
    public boolean isRefreshDue(Duration margin, Instant now) {
        if (expiresAt == null || !mayRefresh(now)) {
            return false;
        }
        Duration half = Duration.between(updatedAt, expiresAt).dividedBy(2);
        return !expiresAt.minus(half.compareTo(margin) < 0 ? half : margin).isAfter(now);
    }

    /** Whether its token is as old as that, and another one can be got. */
    public boolean isKeepAliveDue(Duration age, Instant now) {
        return mayRefresh(now) && !updatedAt.plus(age).isAfter(now);
    }

    private boolean mayRefresh(Instant now) {
        boolean waiting = retryAt != null && retryAt.isAfter(now);
        return refreshToken != null && !waiting;
    }

    /** Where the sealed token of a holding lives; it opens nowhere else. */
    public static String tokenPlace(String id) {
        return "holding/" + id + "/token";
    }

    public static String refreshTokenPlace(String id) {
        return "holding/" + id + "/refresh_token";
    }

    Sealed token() {
        return token;
    }

    @Nullable
    Sealed refreshToken() {
        return refreshToken;
    }

    public int refreshFailures() {
        return refreshFailures;
    }

    /** When its token ends; null when nobody knows. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    public String id() {
        return id;
    }

    public String grantId() {
        return grantId;
    }

    /** What it is, one word in lower case: {@code page}. */
    public String kind() {
        return kind;
    }

    /** The provider's own id. */
    public String externalId() {
        return externalId;
    }

    /** What people call it; null when the provider did not say. */
    public @Nullable String name() {
        return name;
    }

    /** When its token came. */
    public Instant updatedAt() {
        return updatedAt;
    }
}
