package dev.grantbook.grant;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.Account.InstalledAt;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.provider.client.SigningKey;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one user granted to one connector: the provider account, the granted scopes and the sealed tokens. There is one
 * grant per connector, subject and account.
 *
 * <p>Life: <b>active</b> from the first exchange on; each later exchange replaces tokens and scopes. <b>Expired</b>
 * when the token's lifetime is over and no refresh token is left. <b>Revoked</b> when the user, the bot, an
 * administrator or the provider ended it; its tokens are destroyed at once. A new exchange activates an ended grant
 * again, so that its history stays in one place.
 *
 * <p>Where an invitation could have been forwarded, the first exchange leads to <b>unconfirmed</b>: the chat user
 * confirms it before a deadline, or it is revoked. An active grant stays active when its user repeats the attempt: the
 * same account was accepted before, and an unconfirmed exchange must not end what works. Another account makes another
 * grant.
 */
@Entity
@Table(name = "user_grant")
public class Grant implements TokenHolder {

    @Id
    private String id = "";

    private String connector = "";
    private String subject = "";

    @Column(name = "account_id")
    private String accountId = "";

    @Column(name = "account_name")
    private @Nullable String accountName;

    @Column(name = "installation_id")
    private String installationId = "";

    @Column(name = "installation_name")
    private @Nullable String installationName;

    @Enumerated(EnumType.STRING)
    private GrantStatus status = GrantStatus.ACTIVE;

    private Scopes granted = Scopes.NONE;

    /** Id of the {@link GrantedSet} of the same scopes, for the filters of lists. */
    @Column(name = "granted_set")
    private String grantedSet = "";

    /** The {@link #words}, for queries alone: {@link GrantWords} writes them. */
    @ElementCollection
    @CollectionTable(name = "grant_word", joinColumns = @JoinColumn(name = "grant_id"))
    @Column(name = "word")
    private Set<String> wordRows = new HashSet<>();

    @Embedded
    private SealedTokens tokens = new SealedTokens();

    @Column(name = "token_type")
    private String tokenType = "Bearer";

    @Column(name = "confirm_by")
    private @Nullable Instant confirmBy;

    @Column(name = "confirm_code_hash")
    private @Nullable String confirmCodeHash;

    @Column(name = "confirm_tries")
    private int confirmTries;

    @Column(name = "verified_at")
    private @Nullable Instant verifiedAt;

    private boolean refreshable;

    /** When a probe was last claimed; in the future after a probe without an answer. */
    @Column(name = "probed_at")
    private @Nullable Instant probedAt;

    @Enumerated(EnumType.STRING)
    private @Nullable EndReason reason;

    /** Last use of the token by a bot, to the hour, or the last exchange; null once ended. Written past the version. */
    @Column(name = "used_at")
    private @Nullable Instant usedAt;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    @Version
    private long version;

    public Grant() {}

    public Grant(GrantId id, ConnectorId connector, Subject subject, String accountId, Instant now) {
        this.id = id.value();
        this.connector = connector.value();
        this.subject = subject.value();
        this.accountId = accountId;
        this.createdAt = now;
    }

    /** Makes a grant of what it shares with others, its subject, and what it {@linkplain #pack packs}. */
    Grant(Packing.Kind kind, Subject subject, Packing own) {
        this.connector = kind.connector();
        this.subject = subject.value();
        this.granted = kind.scopes();
        this.grantedSet = kind.grantedSet();
        this.tokenType = kind.tokenType();
        pack(own);
    }

    /** Exchanges all but its kind and its subject; the words are for queries alone. */
    void pack(Packing own) {
        id = own.text(id);
        accountId = own.text(accountId);
        accountName = own.optional(accountName);
        installationId = own.text(installationId, accountId);
        installationName = own.optional(installationName, accountName);
        status = own.constant(status, GrantStatus.values());
        tokens.pack(own);
        confirmBy = own.optional(confirmBy);
        confirmCodeHash = own.optional(confirmCodeHash);
        confirmTries = own.number(confirmTries);
        verifiedAt = own.optional(verifiedAt);
        refreshable = own.flag(refreshable);
        probedAt = own.optional(probedAt);
        reason = own.optional(reason, EndReason.values());
        usedAt = own.optional(usedAt);
        createdAt = own.instant(createdAt);
        updatedAt = own.instant(updatedAt);
        version = own.number(version);
    }

    /**
     * Replaces tokens, scopes and account by those of an exchange, and activates the grant.
     *
     * @param newRefreshToken null for none
     * @param expiresIn null when the token response has no {@code expires_in}
     */
    public void renew(
            @Nullable Account account,
            Scopes newScopes,
            GrantedSet newSet,
            Sealed newAccessToken,
            @Nullable Sealed newRefreshToken,
            String newTokenType,
            @Nullable Duration expiresIn,
            Instant now) {
        accountName = account == null ? null : account.name();
        InstalledAt installation = account == null ? null : account.installation();
        installationId = installation == null ? accountId : installation.id();
        installationName = installation == null ? accountName : installation.name();
        granted = newScopes;
        grantedSet = newSet.id();
        tokens.issue(newAccessToken, newRefreshToken, expiresIn, now);
        tokenType = newTokenType;
        verifiedAt = now;
        usedAt = now;
        updatedAt = now;
        status = GrantStatus.ACTIVE;
        confirmBy = null;
        refreshable = newRefreshToken != null;
        reason = null;
        confirmCodeHash = null;
        confirmTries = 0;
    }

    public void refresh(
            Sealed newAccessToken,
            @Nullable Sealed newRefreshToken,
            String newTokenType,
            @Nullable Duration expiresIn,
            Instant now) {
        tokens.refresh(newAccessToken, newRefreshToken, expiresIn, now);
        tokenType = newTokenType;
        status = GrantStatus.ACTIVE;
        refreshable = true;
        reason = null;
        prove(now);
    }

    /** Records that the provider rejected the refresh token. The access token stays valid until it expires. */
    public void refuseRefresh() {
        refreshable = false;
        reason = EndReason.REFRESH_REFUSED;
        tokens.releaseLease();
    }

    /** Expires the rejected access token now, so that a refresh replaces it. */
    public void accessTokenRefused(EndReason why, Instant now) {
        reason = why;
        tokens.endAccess(now);
        updatedAt = now;
    }

    @Override
    public boolean isRefreshable() {
        return status == GrantStatus.ACTIVE && refreshable;
    }

    /** The refresh token that stays valid when a new exchange brings none; null for none. */
    @Nullable
    public Sealed lastingRefreshToken(Instant now) {
        return isLive(now) && refreshable && !accountId.isEmpty() ? tokens.refresh() : null;
    }

    public boolean isActive(Instant now) {
        return status(now) == GrantStatus.ACTIVE;
    }

    /** Whether it is active or unconfirmed. */
    public boolean isLive(Instant now) {
        GrantStatus current = status(now);
        return current == GrantStatus.ACTIVE || current == GrantStatus.UNCONFIRMED;
    }

    public void expire(Instant now) {
        status = GrantStatus.EXPIRED;
        refreshable = false;
        reason = reason == null ? EndReason.LIFETIME_OVER : reason;
        updatedAt = now;
    }

    /**
     * Makes a renewed grant unconfirmed.
     *
     * @param code what the chat user passes to the bot; null where the channel itself confirms
     */
    public void awaitConfirmation(Instant deadline, @Nullable ConfirmationCode code) {
        status = GrantStatus.UNCONFIRMED;
        confirmBy = deadline;
        confirmCodeHash = code == null ? null : code.boundTo(new GrantId(id)).hash();
    }

    /** Whether the code is this grant's. A confirmed grant keeps it, so that repeating a confirmation is no error. */
    public boolean takes(ConfirmationCode code) {
        return confirmCodeHash != null && code.boundTo(new GrantId(id)).matches(confirmCodeHash);
    }

    public boolean awaitsCode(Instant now) {
        return confirmCodeHash != null && status(now) == GrantStatus.UNCONFIRMED;
    }

    /** Counts a wrong code; returns the number so far. */
    public int countWrongCode() {
        return ++confirmTries;
    }

    public void confirm(Instant now) {
        status = GrantStatus.ACTIVE;
        confirmBy = null;
        updatedAt = now;
    }

    /** Whether the deadline to confirm has passed and the tokens are not yet destroyed. */
    public boolean isLapsed(Instant now) {
        return status == GrantStatus.UNCONFIRMED && confirmBy != null && !confirmBy.isAfter(now);
    }

    public void revoke(EndReason why, Instant now) {
        status = GrantStatus.REVOKED;
        reason = why;
        refreshable = false;
        tokens.destroy();
        confirmBy = null;
        confirmCodeHash = null;
        usedAt = null;
        updatedAt = now;
    }

    /**
     * Records that the provider accepted the token.
     *
     * @param when the moment before the request
     */
    public void prove(Instant when) {
        verifiedAt = verifiedAt == null || verifiedAt.isBefore(when) ? when : verifiedAt;
    }

    public void change(Scopes newScopes, GrantedSet newSet, Instant now) {
        if (!granted.equals(newScopes)) {
            granted = newScopes;
            grantedSet = newSet.id();
            updatedAt = now;
        }
    }

    /**
     * Removes what identifies the account. The subject stays, since it is the bot's own, unless it is the account id.
     */
    public void erase(Instant now) {
        String nobody = "erased-" + id;
        subject = subject.equals(accountId) ? nobody : subject;
        accountId = nobody;
        accountName = null;
        installationId = nobody;
        installationName = null;
        updatedAt = now;
    }

    @Override
    public String accessTokenAssociatedData() {
        return "user_grant/" + id + "/access_token";
    }

    @Override
    public String refreshTokenAssociatedData() {
        return "user_grant/" + id + "/refresh_token";
    }

    @Override
    public SealedTokens tokens() {
        return tokens;
    }

    @Override
    public GrantId grantId() {
        return new GrantId(id);
    }

    @Override
    public String rowId() {
        return id;
    }

    public GrantId id() {
        return new GrantId(id);
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    public Subject subject() {
        return new Subject(subject);
    }

    /** Empty when the provider does not name the account. */
    public String accountId() {
        return accountId;
    }

    public @Nullable String accountName() {
        return accountName;
    }

    /** Where the bot is installed: a team, or the account itself. */
    public String installationId() {
        return installationId;
    }

    @Nullable
    public String installationName() {
        return installationName;
    }

    /** The status at a moment: lifetimes and deadlines end before a job records it. */
    public GrantStatus status(Instant now) {
        if (isLapsed(now)) {
            return GrantStatus.REVOKED;
        }
        boolean over = status == GrantStatus.ACTIVE && !refreshable && isOver(now);
        return over ? GrantStatus.EXPIRED : status;
    }

    /** Whether a probe got no answer and the next one waits. */
    public boolean isLeftInPeace(Instant now) {
        return probedAt != null && probedAt.isAfter(now);
    }

    public Scopes granted() {
        return granted;
    }

    /** Id of the {@link GrantedSet} of the granted scopes. */
    public String grantedSet() {
        return grantedSet;
    }

    public String tokenType() {
        return tokenType;
    }

    /** Whether a key signs each call in place of an access token. */
    public boolean isSigning() {
        return tokenType.equals(SigningKey.TOKEN_TYPE);
    }

    /** When it expires unless its user grants again; null when unknown, or when a refresh is possible. */
    public @Nullable Instant endsAt() {
        return refreshable ? null : expiresAt();
    }

    /** When the access token expires; null when unknown. */
    public @Nullable Instant expiresAt() {
        return tokens.expiresAt();
    }

    /** Deadline to confirm; null unless unconfirmed. */
    public @Nullable Instant confirmBy() {
        return confirmBy;
    }

    /** When the provider last accepted the token. */
    public @Nullable Instant verifiedAt() {
        return verifiedAt;
    }

    /** Last use by a bot, to the hour, or the last exchange; null once ended. */
    @Nullable
    public Instant usedAt() {
        return usedAt;
    }

    /** Whether it has tokens that no bot has used since a moment. */
    public boolean isUnusedSince(Instant moment) {
        return usedAt != null && usedAt.isBefore(moment);
    }

    /** Whether the last refresh failed and another one is due. */
    public boolean isRefreshFailing() {
        return refreshable && tokens.refreshFailures() > 0;
    }

    /** Why it ended by a moment, or will when its token expires; null for neither. */
    public @Nullable EndReason reason(Instant now) {
        if (reason != null) {
            return reason;
        }
        return switch (status(now)) {
            case EXPIRED -> EndReason.LIFETIME_OVER;
            case REVOKED -> EndReason.UNCONFIRMED;
            case ACTIVE, UNCONFIRMED -> null;
        };
    }

    /** Why it will end when its token expires; null when no refresh was refused. */
    public @Nullable EndReason expectedEnd() {
        return reason;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    /** Search terms of the console, in lower case. */
    public Set<String> words() {
        var all = new HashSet<>(List.of(lower(subject), lower(accountId)));
        if (accountName != null) {
            String name = lower(accountName);
            all.add(name);
            all.addAll(List.of(name.split("\\s+")));
        }
        all.remove("");
        return all;
    }

    /** Lower case may be longer than the text itself (İ), and a word has no wider column than the text. */
    private static String lower(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.substring(0, Math.min(lower.length(), text.length()));
    }
}
