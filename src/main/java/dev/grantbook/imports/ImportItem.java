package dev.grantbook.imports;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.jobs.Backoff;
import dev.grantbook.platform.jobs.WorkItem;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One user's tokens from elsewhere.
 *
 * <p>Life: <b>waiting</b> until the provider was asked; then <b>imported</b>, in the transaction that makes the grant,
 * or <b>failed</b>. Either way its tokens are destroyed here.
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
    enum Trouble {
        /** The provider takes the token no more, and gives no other one for it. */
        DEAD,
        /** The subject has a grant that is alive, which stays as it is. */
        ALREADY_GRANTED,
        /** The token belongs to another account than the one that is expected. */
        WRONG_ACCOUNT,
        /** The provider takes the token and does not say whose it is. */
        UNKNOWN_ACCOUNT,
        /** The provider takes the token and does not say what it may do. */
        UNKNOWN_SCOPES,
        /** The provider did not answer for a day, or its token could not be opened. */
        UNREACHABLE,
        /** The connector is no longer declared. */
        NO_CONNECTOR;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(30), Duration.ofDays(1));

    @Id
    private String id = "";

    @Column(name = "import_id")
    private String importId = "";

    private int number;
    private String connector = "";
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

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Version
    private long version;

    protected ImportItem() {}

    ImportItem(
            String id,
            String importId,
            int number,
            String connector,
            String provider,
            String subject,
            @Nullable String accountId,
            Scopes scopes,
            Instant now) {
        super(now);
        this.id = id;
        this.importId = importId;
        this.number = number;
        this.connector = connector;
        this.provider = provider;
        this.subject = subject;
        this.accountId = accountId;
        this.scopes = scopes;
        this.createdAt = now;
    }

    /** Takes tokens, in place of those that were there. */
    void hold(Sealed newAccessToken, @Nullable Sealed newRefreshToken, @Nullable Instant newExpiry) {
        accessToken = newAccessToken;
        refreshToken = newRefreshToken;
        expiresAt = newExpiry;
    }

    /** Nothing was learnt this time: later, or never after a day. */
    void postpone(double chance, Instant now) {
        if (!postpone(BACKOFF, createdAt, Duration.ZERO, chance, now)) {
            fail(Trouble.UNREACHABLE);
        }
    }

    void recordGrant(String grant) {
        state = ImportItemState.IMPORTED;
        grantId = grant;
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

    /** Where the sealed access token lives; it opens nowhere else. */
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

    /** Which one of the request, counted from 0. */
    int number() {
        return number;
    }

    String connector() {
        return connector;
    }

    /** The connector's: whoever asks a provider asks about the items of all its connectors. */
    String provider() {
        return provider;
    }

    String subject() {
        return subject;
    }

    /** The account that the bot says it is; null when it does not say. */
    @Nullable
    String accountId() {
        return accountId;
    }

    /** When the access token ends; null when nobody knows. */
    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    /** What the bot says it may do. */
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
    String grantId() {
        return grantId;
    }

    Instant createdAt() {
        return createdAt;
    }
}
