package dev.grantbook.revocation;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.platform.jobs.Backoff;
import dev.grantbook.platform.jobs.WorkItem;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that ended here, and whose provider has still to be told (RFC 7009). It says of nobody in clear whose they
 * were, so that it outlives whatever is forgotten.
 *
 * <p>Life: made in the transaction that takes the tokens out of their grant; tried, again and again, by one node at a
 * time; gone with its tokens when the provider was told, when it cannot be, or when the patience is over.
 */
@Entity
@Table(name = "revocation")
public class PendingRevocation extends WorkItem {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);

    @Id
    private String id = "";

    private String connector = "";

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "access_token")
    private @Nullable Sealed accessToken;

    @Column(name = "refresh_token")
    private @Nullable Sealed refreshToken;

    @Column(name = "token_owner")
    private @Nullable Sealed owner;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    protected PendingRevocation() {}

    /** @param grantId null for tokens that never were a grant's */
    PendingRevocation(String id, ConnectorId connector, @Nullable GrantId grantId, Instant now) {
        super(now);
        this.id = id;
        this.connector = connector.value();
        this.grantId = grantId == null ? null : grantId.value();
        this.createdAt = now;
    }

    void keep(@Nullable Sealed access, @Nullable Sealed refresh) {
        accessToken = access;
        refreshToken = refresh;
    }

    /** Tokens that are not a grant's own name their owner themselves. */
    void setOwner(Sealed holder) {
        owner = holder;
    }

    /** Whether these are a grant's own tokens, whose history tells what became of them. */
    boolean isGrants() {
        return grantId != null && owner == null;
    }

    /**
     * The provider was not told this time.
     *
     * @param chance from 0 to 1
     * @return false when the patience is over
     */
    boolean recordFailure(Duration patience, double chance, Instant now) {
        return postpone(new Backoff(SHORTEST_PAUSE, patience), createdAt, Duration.ZERO, chance, now);
    }

    /** It is gone once it is settled. */
    @Override
    protected boolean isWaiting() {
        return true;
    }

    @Override
    protected Object key() {
        return id;
    }

    /** Where the sealed access token lives; it opens nowhere else. */
    String accessTokenAssociatedData() {
        return "revocation/" + id + "/access_token";
    }

    String refreshTokenAssociatedData() {
        return "revocation/" + id + "/refresh_token";
    }

    String ownerAssociatedData() {
        return "revocation/" + id + "/token_owner";
    }

    @Nullable
    Sealed accessToken() {
        return accessToken;
    }

    @Nullable
    Sealed refreshToken() {
        return refreshToken;
    }

    /** Sealed; null when its grant says it, or nothing may say it any more. */
    @Nullable
    Sealed owner() {
        return owner;
    }

    String id() {
        return id;
    }

    ConnectorId connector() {
        return new ConnectorId(connector);
    }

    @Nullable
    GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }

    /** When the tokens ended. */
    public Instant createdAt() {
        return createdAt;
    }
}
