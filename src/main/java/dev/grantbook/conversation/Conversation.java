package dev.grantbook.conversation;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session of a bot platform with one user, and what the platform handed us for it.
 *
 * <p>An authorization code is <b>none</b>, then <b>waiting</b> until its deadline, <b>claimed</b> by the one call that
 * exchanges it, and then <b>spent</b>, or none again when the provider refused it. A code that came in several parts
 * keeps them after it is spent, since the later parts are the platform's own. Everything is forgotten when the user
 * logs out, and when the session turns out to belong to another user.
 */
@Entity
@Table(name = "conversation")
public class Conversation {

    /** Where the authorization code is in its life. */
    enum CodeStatus {
        NONE,
        WAITING,
        CLAIMED,
        SPENT
    }

    /** What a conversation is known by. */
    public record ConversationKey(ConnectorId connector, Channel channel, String session) {}

    private static final Duration SEEN_AGAIN = Duration.ofDays(1);

    @Id
    private String id = "";

    private String connector = "";

    @Enumerated(EnumType.STRING)
    private Channel channel = Channel.WEB;

    @Column(name = "session_id")
    private String session = "";

    private String subject = "";

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "linked_by")
    private @Nullable String linkedBy;

    @Column(name = "auth_code")
    private @Nullable Sealed authCode;

    @Enumerated(EnumType.STRING)
    @Column(name = "auth_code_status")
    private CodeStatus codeStatus = CodeStatus.NONE;

    @Column(name = "auth_code_until")
    private @Nullable Instant codeUntil;

    @Column(name = "code_verifier")
    private @Nullable Sealed codeVerifier;

    @Column(name = "redirect_uri")
    private @Nullable String redirectUri;

    @Column(name = "access_token")
    private @Nullable Sealed accessToken;

    /** As text: here nothing said is not the same as no scopes. */
    @Column(name = "token_scopes")
    private @Nullable String tokenScopes;

    @Column(name = "token_expires_at")
    private @Nullable Instant tokenExpiry;

    @Column(name = "token_verified_at")
    private @Nullable Instant tokenVerifiedAt;

    @Column(name = "account_id")
    private @Nullable String accountId;

    @Column(name = "account_name")
    private @Nullable String accountName;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    @Version
    private long version;

    protected Conversation() {}

    Conversation(String id, ConversationKey key, Subject subject, Instant now) {
        this.id = id;
        this.connector = key.connector().value();
        this.channel = key.channel();
        this.session = key.session();
        this.subject = subject.value();
        this.createdAt = now;
        this.updatedAt = now;
    }

    /** A session that passes to another user keeps nothing of the former one. */
    void belongsTo(String user, Instant now) {
        if (!subject.equals(user)) {
            forget(now);
            subject = user;
        }
    }

    /** Somebody asks about it; written down once a day. */
    void recordQuestion(Instant now) {
        if (updatedAt.plus(SEEN_AGAIN).isBefore(now)) {
            updatedAt = now;
        }
    }

    /** @param until when it is no longer worth trying */
    void keepCode(Sealed code, @Nullable Sealed verifier, @Nullable URI redirect, Instant until, Instant now) {
        authCode = code;
        codeVerifier = verifier;
        redirectUri = redirect == null ? null : redirect.toString();
        codeStatus = CodeStatus.WAITING;
        codeUntil = until;
        updatedAt = now;
    }

    /** @param until when whoever claimed it is given up */
    void claimCode(Instant until) {
        codeStatus = CodeStatus.CLAIMED;
        codeUntil = until;
    }

    /** The provider could not be asked, so nothing has become of the code. */
    void releaseCode(Instant until) {
        codeStatus = CodeStatus.WAITING;
        codeUntil = until;
    }

    /** @param inParts whether the platform still wants to read the parts */
    void spendCode(GrantId newGrantId, boolean inParts, Instant now) {
        if (inParts) {
            codeStatus = CodeStatus.SPENT;
            codeUntil = null;
            codeVerifier = null;
            redirectUri = null;
        } else {
            forgetCode(now);
        }
        grantId = newGrantId.value();
        updatedAt = now;
    }

    void forgetCode(Instant now) {
        authCode = null;
        codeVerifier = null;
        redirectUri = null;
        codeStatus = CodeStatus.NONE;
        codeUntil = null;
        updatedAt = now;
    }

    /** @param scopes null when the platform did not say */
    void keepDelivered(Sealed token, @Nullable Scopes scopes, @Nullable Instant expiry, Instant now) {
        accessToken = token;
        tokenScopes = scopes == null ? null : scopes.toString();
        tokenExpiry = expiry;
        tokenVerifiedAt = null;
        accountId = null;
        accountName = null;
        updatedAt = now;
    }

    void verifyDelivered(@Nullable String account, @Nullable String name, Instant now) {
        tokenVerifiedAt = now;
        accountId = account;
        accountName = name;
    }

    void forgetDelivered(Instant now) {
        accessToken = null;
        tokenScopes = null;
        tokenExpiry = null;
        tokenVerifiedAt = null;
        accountId = null;
        accountName = null;
        updatedAt = now;
    }

    void linkTo(GrantId newGrantId, Instant now) {
        grantId = newGrantId.value();
        updatedAt = now;
    }

    /** @param notifier the connector whose webhook proved the link, and will tell when it ends */
    void linkTo(GrantId newGrantId, ConnectorId notifier, Instant now) {
        linkTo(newGrantId, now);
        linkedBy = notifier.value();
    }

    void forget(Instant now) {
        forgetCode(now);
        forgetDelivered(now);
        grantId = null;
        linkedBy = null;
    }

    /** Where the sealed code lives; it opens nowhere else. */
    String codeAssociatedData() {
        return "conversation/" + id + "/auth_code";
    }

    String verifierAssociatedData() {
        return "conversation/" + id + "/code_verifier";
    }

    String tokenAssociatedData() {
        return "conversation/" + id + "/access_token";
    }

    @Nullable
    Sealed authCode() {
        return authCode;
    }

    @Nullable
    Sealed codeVerifier() {
        return codeVerifier;
    }

    @Nullable
    Sealed accessToken() {
        return accessToken;
    }

    public String id() {
        return id;
    }

    public ConversationKey key() {
        return new ConversationKey(new ConnectorId(connector), channel, session);
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    public Channel channel() {
        return channel;
    }

    /** The platform's own id of the session. */
    public String session() {
        return session;
    }

    /** The bot's own id for the chat user. */
    public Subject subject() {
        return new Subject(subject);
    }

    /** The grant that this conversation led to or last used; null before the first. */
    public @Nullable GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }

    /** Whether there is a code that is not yet exchanged, or being exchanged. */
    public boolean hasCode(Instant now) {
        boolean open = codeStatus == CodeStatus.WAITING || codeStatus == CodeStatus.CLAIMED;
        return open && codeUntil != null && codeUntil.isAfter(now);
    }

    CodeStatus codeStatus() {
        return codeStatus;
    }

    /** Until when the code is worth trying, or who claimed it is waited for. */
    @Nullable
    Instant codeUntil() {
        return codeUntil;
    }

    /** Where the code arrived; null for the connector's own redirect URI. */
    @Nullable
    URI redirectUri() {
        return redirectUri == null ? null : URI.create(redirectUri);
    }

    @Nullable
    Scopes tokenScopes() {
        return tokenScopes == null ? null : Scopes.parse(tokenScopes, ' ');
    }

    @Nullable
    Instant tokenExpiry() {
        return tokenExpiry;
    }

    boolean isDeliveredOver(Instant now) {
        return tokenExpiry != null && !tokenExpiry.isAfter(now);
    }

    @Nullable
    Instant tokenVerifiedAt() {
        return tokenVerifiedAt;
    }

    /** Whose the delivered token is; null when the provider did not tell yet. */
    @Nullable
    String accountId() {
        return accountId;
    }

    @Nullable
    String accountName() {
        return accountName;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }
}
