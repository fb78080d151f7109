package dev.grantbook.authorization.attempt;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One authorization request and its response.
 *
 * <p>Life: <b>started</b> when the browser leaves for the provider, for ten minutes; <b>exchanging</b> once the first
 * callback with its state has claimed it, so that a second one exchanges nothing; then one of the ends. An attempt that
 * stays in <b>exchanging</b> was interrupted.
 */
@Entity
@Table(name = "attempt")
public class Attempt {

    /** Path that attempts of conversations return to first; {@code conversation} serves it. */
    public static final String CONVERSATION_RETURN = "/channels/end/";

    public enum AttemptStatus {
        STARTED,
        EXCHANGING,
        /** A grant was stored, possibly with fewer scopes than were requested. */
        GRANTED,
        /** The user or the provider refused. */
        DENIED,
        /** Another account than the expected one logged in; its tokens were discarded. */
        WRONG_ACCOUNT,
        UNREACHABLE,
        /** The provider answered, but not with a usable token. */
        FAILED
    }

    /**
     * @param invitation its id; null after a public start
     * @param subject null when the provider's account id will be the subject
     * @param accountId the account that must log in; null for any
     * @param asked every scope of the authorization request
     * @param askedBefore how often this user was asked for the rest, in this series
     */
    public record Plan(
            ConnectorId connector,
            @Nullable String invitation,
            @Nullable Subject subject,
            @Nullable String accountId,
            List<String> features,
            Scopes scopes,
            Scopes asked,
            @Nullable String returnTo,
            @Nullable Locale locale,
            int askedBefore) {}

    /**
     * @param browser of the cookie that binds the attempt to the browser
     * @param nonce of the ID token's nonce (OpenID Connect Core 1.0 section 2)
     */
    record Hashes(String state, String browser, String nonce) {}

    @Id
    private String id = "";

    @Column(name = "state_hash")
    private String stateHash = "";

    @Column(name = "browser_hash")
    private String browserHash = "";

    @Column(name = "nonce_hash")
    private String nonceHash = "";

    @Column(name = "handle_hash")
    private @Nullable String handleHash;

    @Column(name = "handle_used")
    private boolean handleUsed;

    private String connector = "";
    private @Nullable String invitation;
    private @Nullable String subject;

    @Column(name = "account_id")
    private @Nullable String accountId;

    private String features = "";
    private Scopes scopes = Scopes.NONE;
    private Scopes asked = Scopes.NONE;
    private @Nullable Sealed verifier;

    @Column(name = "return_to")
    private @Nullable String returnTo;

    private @Nullable String locale;

    @Column(name = "asked_before")
    private int askedBefore;

    private @Nullable String trace;

    @Enumerated(EnumType.STRING)
    private AttemptStatus status = AttemptStatus.STARTED;

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    @Column(name = "finished_at")
    private @Nullable Instant finishedAt;

    @Version
    private long version;

    protected Attempt() {}

    public Attempt(
            String id, Plan plan, Hashes hashes, Sealed verifier, @Nullable String trace, Instant now, Instant end) {
        this.id = id;
        this.stateHash = hashes.state();
        this.browserHash = hashes.browser();
        this.nonceHash = hashes.nonce();
        this.connector = plan.connector().value();
        this.invitation = plan.invitation();
        this.subject = plan.subject() == null ? null : plan.subject().value();
        this.accountId = plan.accountId();
        this.features = String.join(" ", plan.features());
        this.scopes = plan.scopes();
        this.asked = plan.asked();
        this.verifier = verifier;
        this.returnTo = plan.returnTo();
        this.locale = plan.locale() == null ? null : plan.locale().toLanguageTag();
        this.askedBefore = plan.askedBefore();
        this.trace = trace;
        this.createdAt = now;
        this.expiresAt = end;
    }

    static String verifierAssociatedData(String id) {
        return "attempt/" + id + "/verifier";
    }

    /** @param until when the exchange counts as interrupted */
    void claim(Instant until) {
        status = AttemptStatus.EXCHANGING;
        expiresAt = until;
    }

    void finish(AttemptStatus end, @Nullable GrantId newGrantId, Instant now) {
        status = end;
        grantId = newGrantId == null ? null : newGrantId.value();
        finishedAt = now;
        verifier = null;
    }

    /** Sets the handle, which works once and replaces an earlier one. */
    void handOut(Secret handle) {
        handleHash = handle.hash();
        handleUsed = false;
    }

    @Nullable
    String handleHash() {
        return handleHash;
    }

    /** Whether the return URL receives a handle to ask for the outcome: that of a web app or of a conversation. */
    public boolean returnsWithHandle(Settings settings) {
        return returnTo != null
                && (isPublic()
                        || returnTo.startsWith(
                                settings.publicUrl(CONVERSATION_RETURN).toString()));
    }

    public URI returnUrl(Secret handle) {
        return new Parameters().with("attempt", handle.value()).appendTo(URI.create(Objects.requireNonNull(returnTo)));
    }

    /** @return false when the handle was used before */
    boolean useHandle() {
        boolean first = !handleUsed;
        handleUsed = true;
        return first;
    }

    /** Whether this browser started the attempt. */
    public boolean isFrom(Secret browser) {
        return browser.matches(browserHash);
    }

    public boolean isAnsweredWith(Secret nonce) {
        return nonce.matches(nonceHash);
    }

    public String id() {
        return id;
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    @Nullable
    public String invitation() {
        return invitation;
    }

    /** Null after a public start, until an account is known. */
    public @Nullable Subject subject() {
        return subject == null ? null : new Subject(subject);
    }

    @Nullable
    public String accountId() {
        return accountId;
    }

    public List<String> features() {
        return features.isEmpty() ? List.of() : List.of(features.split(" ", -1));
    }

    public Scopes scopes() {
        return scopes;
    }

    public Scopes asked() {
        return asked;
    }

    /** Null once the attempt has ended. */
    @Nullable
    Sealed verifier() {
        return verifier;
    }

    public @Nullable String returnTo() {
        return returnTo;
    }

    public @Nullable Locale locale() {
        return locale == null ? null : Locale.forLanguageTag(locale);
    }

    public int askedBefore() {
        return askedBefore;
    }

    /** Trace id of the log; that of the invitation, where there is one. */
    @Nullable
    public String trace() {
        return trace;
    }

    public AttemptStatus status() {
        return status;
    }

    /** The grant that the attempt led to, or after a refusal the one that was there before; null for none. */
    public @Nullable GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }

    /** The grant that the attempt led to; null for none. A refusal proves nothing about an earlier grant. */
    public @Nullable GrantId ownGrantId() {
        return status == AttemptStatus.GRANTED ? grantId() : null;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    /** Null until the attempt has ended. */
    public @Nullable Instant finishedAt() {
        return finishedAt;
    }

    boolean isPublic() {
        return invitation == null;
    }
}
