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
 * Tokens to revoke at their provider (RFC 7009). Names their owner only sealed, so that it may outlive an erasure.
 *
 * <p>Life: created in the transaction that removes the tokens from their grant; tried by one node at a time; deleted
 * when the provider is notified, when that is impossible, or when the configured patience is over.
 */
@Entity
@Table(name = "revocation")
public class PendingRevocation extends WorkItem {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);

    @Id
    private String id = "";

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "access_token")
    private @Nullable Sealed accessToken;

    @Column(name = "refresh_token")
    private @Nullable Sealed refreshToken;

    @Column(name = "token_owner")
    private @Nullable Sealed owner;

    protected PendingRevocation() {}

    /** @param grantId null for tokens that belong to no grant */
    PendingRevocation(String id, ConnectorId connector, @Nullable GrantId grantId, Instant now) {
        super(connector, now);
        this.id = id;
        this.grantId = grantId == null ? null : grantId.value();
    }

    void keep(@Nullable Sealed access, @Nullable Sealed refresh) {
        accessToken = access;
        refreshToken = refresh;
    }

    /** Names the owner of tokens that are not a grant's own. */
    void setOwner(Sealed holder) {
        owner = holder;
    }

    /** Whether these are a grant's own tokens, not secondary ones. */
    boolean isGrants() {
        return grantId != null && owner == null;
    }

    /**
     * Postpones the next try.
     *
     * @param chance from 0 to 1
     * @return false when the patience is over
     */
    boolean recordFailure(Duration patience, double chance, Instant now) {
        return postpone(new Backoff(SHORTEST_PAUSE, patience), createdAt(), Duration.ZERO, chance, now);
    }

    /** Always, since a settled revocation is deleted. */
    @Override
    protected boolean isWaiting() {
        return true;
    }

    @Override
    protected Object key() {
        return id;
    }

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

    /** Null when the grant names it, and after an erasure. */
    @Nullable
    Sealed owner() {
        return owner;
    }

    String id() {
        return id;
    }

    @Nullable
    GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }
}
