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
 * A session of a bot platform with one user, and the authorization code and access token that the platform delivered.
 *
 * <p>An authorization code is <b>none</b>, then <b>waiting</b> until its deadline, <b>claimed</b> by the one call that
 * exchanges it, and then <b>spent</b>, or none again when the provider refused it. A code of several parts is kept
 * after it is spent, since the platform reads the later parts. Log-out and another user of the same session clear
 * everything.
 */
@Entity
@Table(name = "conversation")
public class Conversation {

    enum CodeStatus {
        NONE,
        WAITING,
        CLAIMED,
        SPENT
    }

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

    /** Null, unlike empty, when unknown. */
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

    /** Keeps a conversation in use from retention; written once a day. */
    void recordQuestion(Instant now) {
        if (updatedAt.plus(SEEN_AGAIN).isBefore(now)) {
            updatedAt = now;
        }
    }

    void keepCode(Sealed code, @Nullable Sealed verifier, @Nullable URI redirect, Instant until, Instant now) {
        authCode = code;
        codeVerifier = verifier;
        redirectUri = redirect == null ? null : redirect.toString();
        codeStatus = CodeStatus.WAITING;
        codeUntil = until;
        updatedAt = now;
    }

    /** @param until when the claim lapses */
    void claimCode(Instant until) {
        codeStatus = CodeStatus.CLAIMED;
        codeUntil = until;
    }

    /** Lets the code wait again, since the provider did not answer. */
    void releaseCode(Instant until) {
        codeStatus = CodeStatus.WAITING;
        codeUntil = until;
    }

    /** @param inParts whether the platform still reads the parts */
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

    void keepDelivered(@Nullable Sealed token, @Nullable Scopes scopes, @Nullable Instant expiry, Instant now) {
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
        keepDelivered(null, null, null, now);
    }

    void linkTo(GrantId newGrantId, Instant now) {
        grantId = newGrantId.value();
        updatedAt = now;
    }

    /** @param notifier the connector whose webhook proved the link, and will report its end */
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

    public Subject subject() {
        return new Subject(subject);
    }

    /** The grant that this conversation led to or last used; null before the first. */
    public @Nullable GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }

    /** Whether a code waits for its exchange, or is being exchanged. */
    public boolean hasCode(Instant now) {
        boolean open = codeStatus == CodeStatus.WAITING || codeStatus == CodeStatus.CLAIMED;
        return open && codeUntil != null && codeUntil.isAfter(now);
    }

    CodeStatus codeStatus() {
        return codeStatus;
    }

    /** When the code, or the claim to it, lapses. */
    @Nullable
    Instant codeUntil() {
        return codeUntil;
    }

    /** Null for the connector's own redirect URI. */
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

    /** The account of the delivered token; null while unknown. */
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
