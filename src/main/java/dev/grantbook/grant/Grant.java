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
 * What one user granted to one connector: a provider account, the scopes that were really granted, and the sealed
 * tokens. There is one for each connector, subject and account.
 *
 * <p>Life: <b>active</b> from the first exchange on, and again after each later one, which replaces tokens and scopes;
 * <b>expired</b> once its lifetime is over and there is no way to get another token without the user; <b>revoked</b>
 * once somebody ended it, with its tokens destroyed at once. A new exchange makes an ended grant active again, so that
 * its history stays in one place.
 *
 * <p>Where the link could have been forwarded, a first exchange leads to <b>unconfirmed</b> instead: the chat user has
 * to show that it was them, or the grant is revoked when the deadline passes. A grant that is active stays active when
 * its user repeats the attempt: it is the same account, accepted before, so whoever holds it has nothing more to prove,
 * and an exchange that nobody confirms must not take away what works. Another account makes another grant beside it.
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

    /** What the bot is installed on by this grant: a team, or the account itself. */
    @Column(name = "installation_id")
    private String installationId = "";

    @Column(name = "installation_name")
    private @Nullable String installationName;

    @Enumerated(EnumType.STRING)
    private GrantStatus status = GrantStatus.ACTIVE;

    private Scopes granted = Scopes.NONE;

    /** The {@link GrantedSet} of the same scopes, for the filters of lists. */
    @Column(name = "granted_set")
    private String grantedSet = "";

    /** What an administrator may type to find this grant, in lower case. */
    @ElementCollection
    @CollectionTable(name = "grant_word", joinColumns = @JoinColumn(name = "grant_id"))
    @Column(name = "word")
    private Set<String> words = new HashSet<>();

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

    /** Whether another token can be got without the user. */
    private boolean refreshable;

    /**
     * When a round last took it, to ask the provider whether the token lives; to come when the provider did not tell.
     */
    @Column(name = "probed_at")
    private @Nullable Instant probedAt;

    @Enumerated(EnumType.STRING)
    private @Nullable EndReason reason;

    /**
     * When a bot last got the token, to the hour, or the user granted; null once it has ended. Written past the
     * version.
     */
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

    /**
     * Takes what an exchange brought, in place of all that was there.
     *
     * @param newRefreshToken null when none came, and none that is there stays good
     * @param expiresIn null when the provider did not tell
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
        words.clear();
        words.addAll(wordsOf(new Subject(subject), accountId, accountName));
    }

    /** Takes what a refresh brought. */
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

    /** No other token can be got any more. The one that there is stays good until its end. */
    public void refuseRefresh() {
        refreshable = false;
        reason = EndReason.REFRESH_REFUSED;
        tokens.releaseLease();
    }

    /** The provider takes its access token no more, and another one can be got: as if its time were over. */
    public void accessTokenRefused(EndReason why, Instant now) {
        reason = why;
        tokens.endAccess(now);
        updatedAt = now;
    }

    @Override
    public boolean isRefreshable() {
        return status == GrantStatus.ACTIVE && refreshable;
    }

    /** The refresh token that stays good when a new authorization brings none; null for none. */
    @Nullable
    public Sealed lastingRefreshToken(Instant now) {
        return isLive(now) && refreshable && !accountId.isEmpty() ? tokens.refresh() : null;
    }

    public boolean isActive(Instant now) {
        return status(now) == GrantStatus.ACTIVE;
    }

    /** Whether it is active, or waits for its user. */
    public boolean isLive(Instant now) {
        GrantStatus current = status(now);
        return current == GrantStatus.ACTIVE || current == GrantStatus.UNCONFIRMED;
    }

    /** Writes down that its time is over. */
    public void expire(Instant now) {
        status = GrantStatus.EXPIRED;
        refreshable = false;
        reason = reason == null ? EndReason.LIFETIME_OVER : reason;
        updatedAt = now;
    }

    /**
     * Makes a grant that was just renewed wait for its chat user.
     *
     * @param code what the chat user hands over; null where somebody else tells us who it was
     */
    public void awaitConfirmation(Instant deadline, @Nullable ConfirmationCode code) {
        status = GrantStatus.UNCONFIRMED;
        confirmBy = deadline;
        confirmCodeHash = code == null ? null : code.boundTo(new GrantId(id)).hash();
    }

    /** Whether this is its code; a confirmed grant still knows it, so that a repeated confirmation is no error. */
    public boolean takes(ConfirmationCode code) {
        return confirmCodeHash != null && code.boundTo(new GrantId(id)).matches(confirmCodeHash);
    }

    /** Whether its chat user has still to hand over a code. */
    public boolean awaitsCode(Instant now) {
        return confirmCodeHash != null && status(now) == GrantStatus.UNCONFIRMED;
    }

    /** Counts a wrong code; gives the number of wrong ones so far. */
    public int missed() {
        return ++confirmTries;
    }

    public void confirm(Instant now) {
        status = GrantStatus.ACTIVE;
        confirmBy = null;
        updatedAt = now;
    }

    /** Whether the time to confirm is over, and its tokens are still there. */
    public boolean isLapsed(Instant now) {
        return status == GrantStatus.UNCONFIRMED && confirmBy != null && !confirmBy.isAfter(now);
    }

    /** Ends the grant and destroys its tokens. */
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
     * The provider said that the token works.
     *
     * @param when the moment before it was asked
     */
    public void prove(Instant when) {
        verifiedAt = verifiedAt == null || verifiedAt.isBefore(when) ? when : verifiedAt;
    }

    /** The token may do something else than was known. */
    public void change(Scopes newScopes, GrantedSet newSet, Instant now) {
        if (!granted.equals(newScopes)) {
            granted = newScopes;
            grantedSet = newSet.id();
            updatedAt = now;
        }
    }

    /**
     * Takes out whatever says whose grant it was. The subject stays, since it is the bot's own, unless it is the
     * account's id.
     */
    public void erase(Instant now) {
        String nobody = "erased-" + id;
        subject = subject.equals(accountId) ? nobody : subject;
        accountId = nobody;
        accountName = null;
        installationId = nobody;
        installationName = null;
        updatedAt = now;
        words.clear();
        words.addAll(wordsOf(new Subject(subject), accountId, null));
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

    /** The connector's id. */
    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    /** The bot's own id for the chat user; after a public start, the provider's account id. */
    public Subject subject() {
        return new Subject(subject);
    }

    /** The provider's id of the account; empty when the provider does not tell. */
    public String accountId() {
        return accountId;
    }

    public @Nullable String accountName() {
        return accountName;
    }

    /** What the bot is installed on: a team, or the account itself. */
    public String installationId() {
        return installationId;
    }

    @Nullable
    public String installationName() {
        return installationName;
    }

    /** The status at a moment: a lifetime ends without anybody writing it down. */
    public GrantStatus status(Instant now) {
        if (isLapsed(now)) {
            return GrantStatus.REVOKED;
        }
        boolean over = status == GrantStatus.ACTIVE && !refreshable && isOver(now);
        return over ? GrantStatus.EXPIRED : status;
    }

    /** Whether its provider did not tell whether the token lives, and is to be asked again later only. */
    public boolean isLeftInPeace(Instant now) {
        return probedAt != null && probedAt.isAfter(now);
    }

    public Scopes granted() {
        return granted;
    }

    public String tokenType() {
        return tokenType;
    }

    /** Whether a key of its own signs its calls; it then has no access token that anybody could be given. */
    public boolean isSigning() {
        return tokenType.equals(SigningKey.TOKEN_TYPE);
    }

    /** When it ends by itself unless its user allows it again; null when nobody knows, or another token can be got. */
    public @Nullable Instant endsAt() {
        return refreshable ? null : expiresAt();
    }

    /** When the access token ends; null when nobody knows. */
    public @Nullable Instant expiresAt() {
        return tokens.expiresAt();
    }

    /** Until when the chat user can confirm; null when there is nothing to confirm. */
    public @Nullable Instant confirmBy() {
        return confirmBy;
    }

    /** When the provider last showed that the token works. */
    public @Nullable Instant verifiedAt() {
        return verifiedAt;
    }

    /** When a bot last got the token, or the user granted; null once it has ended. */
    @Nullable
    public Instant usedAt() {
        return usedAt;
    }

    /** Whether it has tokens that no bot has got since a moment. */
    public boolean isUnusedSince(Instant moment) {
        return usedAt != null && usedAt.isBefore(moment);
    }

    /** Whether another token is wanted that could not be got so far. */
    public boolean isRefreshFailing() {
        return refreshable && tokens.refreshFailures() > 0;
    }

    /**
     * Why it ended, or why it will when its token does; null when there is nothing to tell. Read at a moment: a
     * lifetime ends, and a deadline passes, without anybody writing it down.
     */
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

    /** Why it will end when its token does; null when nothing is known to end it. */
    public @Nullable EndReason expectedEnd() {
        return reason;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    private static Set<String> wordsOf(Subject subject, String accountId, @Nullable String accountName) {
        var all = new HashSet<>(List.of(lower(subject.value()), lower(accountId)));
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
