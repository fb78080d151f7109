package dev.grantbook.imports;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.jobs.Backoff;
import dev.grantbook.platform.jobs.WorkItem;
import dev.grantbook.platform.json.WireName;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Imported tokens of one user.
 *
 * <p>Life: <b>waiting</b> until the provider has answered; then <b>imported</b>, in the transaction that stores the
 * grant, or <b>failed</b>. Either way the item's tokens are destroyed.
 */
@Entity
@Table(name = "import_item")
class ImportItem extends WorkItem {

    enum ImportItemState {
        WAITING,
        IMPORTED,
        FAILED
    }

    /** Why there is no grant. */
    enum Trouble implements WireName {
        /** The provider rejects the token, and it cannot be refreshed. */
        DEAD,
        /** The subject has a live grant, which stays. */
        ALREADY_GRANTED,
        WRONG_ACCOUNT,
        /** The provider accepts the token and does not name its account. */
        UNKNOWN_ACCOUNT,
        /** The provider accepts the token and does not name its scopes. */
        UNKNOWN_SCOPES,
        /** The provider did not answer for a day, or the vault could not open the token. */
        UNREACHABLE,
        /** The connector is no longer declared. */
        NO_CONNECTOR;
    }

    /**
     * The tokens of one user, as the bot describes them.
     *
     * @param account null when unknown
     * @param expiresAt null when unknown
     * @param scopes none when unknown
     */
    record RequestedItem(
            ConnectorId connector,
            String provider,
            Subject subject,
            @Nullable String account,
            Secret accessToken,
            @Nullable Secret refreshToken,
            @Nullable Instant expiresAt,
            Scopes scopes) {}

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(30), Duration.ofDays(1));

    @Id
    private String id = "";

    @Column(name = "import_id")
    private String importId = "";

    private int number;
    private String provider = "";
    private String subject = "";

    @Column(name = "account_id")
    private @Nullable String accountId;

    @Column(name = "access_token")
    private @Nullable Sealed accessToken;

    @Column(name = "refresh_token")
    private @Nullable Sealed refreshToken;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    private Scopes scopes = Scopes.NONE;

    @Enumerated(EnumType.STRING)
    private ImportItemState state = ImportItemState.WAITING;

    @Enumerated(EnumType.STRING)
    private @Nullable Trouble trouble;

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Version
    private long version;

    protected ImportItem() {}

    ImportItem(String id, String importId, int number, RequestedItem requested, Instant now) {
        super(requested.connector(), now);
        this.id = id;
        this.importId = importId;
        this.number = number;
        this.provider = requested.provider();
        this.subject = requested.subject().value();
        this.accountId = requested.account();
        this.scopes = requested.scopes();
    }

    void hold(Sealed newAccessToken, @Nullable Sealed newRefreshToken, @Nullable Instant newExpiry) {
        accessToken = newAccessToken;
        refreshToken = newRefreshToken;
        expiresAt = newExpiry;
    }

    /** Leaves the item for a later try; fails it after a day. */
    void postpone(double chance, Instant now) {
        if (!postpone(BACKOFF, createdAt(), Duration.ZERO, chance, now)) {
            fail(Trouble.UNREACHABLE);
        }
    }

    void recordGrant(GrantId grant) {
        state = ImportItemState.IMPORTED;
        grantId = grant.value();
        forgetTokens();
    }

    void fail(Trouble why) {
        state = ImportItemState.FAILED;
        trouble = why;
        forgetTokens();
    }

    private void forgetTokens() {
        accessToken = null;
        refreshToken = null;
    }

    @Override
    protected boolean isWaiting() {
        return state == ImportItemState.WAITING;
    }

    @Override
    protected Object key() {
        return id;
    }

    String accessTokenAssociatedData() {
        return "import_item/" + id + "/access_token";
    }

    String refreshTokenAssociatedData() {
        return "import_item/" + id + "/refresh_token";
    }

    @Nullable
    Sealed accessToken() {
        return accessToken;
    }

    @Nullable
    Sealed refreshToken() {
        return refreshToken;
    }

    String id() {
        return id;
    }

    String importId() {
        return importId;
    }

    /** Index in the request, from 0. */
    int number() {
        return number;
    }

    /** Id of the connector's provider; one worker asks a provider about the items of all connectors. */
    String provider() {
        return provider;
    }

    Subject subject() {
        return new Subject(subject);
    }

    /** The account's id, as the bot says; null when it does not. */
    @Nullable
    String accountId() {
        return accountId;
    }

    /** End of the access token; null when unknown. */
    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    /** Granted scopes, as the bot says. */
    Scopes scopes() {
        return scopes;
    }

    ImportItemState state() {
        return state;
    }

    /** Null unless it failed. */
    @Nullable
    Trouble trouble() {
        return trouble;
    }

    /** Null unless it was imported. */
    @Nullable
    GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }
}
