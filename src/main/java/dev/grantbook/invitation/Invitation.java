package dev.grantbook.invitation;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A short-lived link made for one subject.
 *
 * <p>Life: <b>waiting</b> until the user presses the button (looking at the page changes nothing, since chat apps look
 * at links too); <b>opened</b> from then on, as often as the user wants; <b>denied</b> after a refusal, which can be
 * thought over until the end; <b>granted</b> after the first grant, and then used up; <b>expired</b> when its time is
 * over before that, also after a refusal once that is written down.
 */
@Entity
@Table(name = "invitation")
public class Invitation {

    /** Where an invitation is in its life. */
    public enum InvitationStatus {
        WAITING,
        OPENED,
        GRANTED,
        DENIED,
        EXPIRED
    }

    /**
     * What the bot asks for.
     *
     * @param subject the bot's own id for the chat user
     * @param accountId the provider account that is expected; null when any will do
     * @param features ids of features; empty for what the connector needs in all
     * @param scopes scopes beyond those of the features
     * @param returnTo where the user goes in the end; null for nowhere
     * @param locale the user's language; null for what the browser says
     * @param context what the bot wants to be told again with the outcome, in JSON; null for nothing
     */
    public record Request(
            String connector,
            String subject,
            @Nullable String accountId,
            List<String> features,
            Scopes scopes,
            @Nullable String returnTo,
            @Nullable Locale locale,
            @Nullable String context) {

        /** A request of which nothing is told again. */
        public Request(
                String connector,
                String subject,
                @Nullable String accountId,
                List<String> features,
                Scopes scopes,
                @Nullable String returnTo,
                @Nullable Locale locale) {
            this(connector, subject, accountId, features, scopes, returnTo, locale, null);
        }
    }

    @Id
    private String id = "";

    @Column(name = "token_hash")
    private String tokenHash = "";

    private String connector = "";
    private String subject = "";

    @Column(name = "account_id")
    private @Nullable String accountId;

    private String features = "";
    private Scopes scopes = Scopes.NONE;

    @Column(name = "return_to")
    private @Nullable String returnTo;

    private @Nullable String locale;

    private @Nullable Sealed context;

    @Column(name = "awaits_confirmation")
    private boolean awaitsConfirmation;

    private @Nullable String trace;

    @Enumerated(EnumType.STRING)
    private InvitationStatus status = InvitationStatus.WAITING;

    @Column(name = "grant_id")
    private @Nullable String grantId;

    @Column(name = "granted_at")
    private @Nullable Instant grantedAt;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    @Version
    private long version;

    protected Invitation() {}

    Invitation(
            String id,
            String tokenHash,
            Request request,
            @Nullable Sealed context,
            @Nullable String trace,
            Instant now,
            Instant expiresAt) {
        this.id = id;
        this.tokenHash = tokenHash;
        this.connector = request.connector();
        this.subject = request.subject();
        this.accountId = request.accountId();
        this.features = String.join(" ", request.features());
        this.scopes = request.scopes();
        this.returnTo = request.returnTo();
        this.locale = request.locale() == null ? null : request.locale().toLanguageTag();
        this.context = context;
        this.trace = trace;
        this.createdAt = now;
        this.expiresAt = expiresAt;
    }

    /** The grant of this invitation will wait until the chat user shows that it was them. */
    void awaitConfirmation() {
        awaitsConfirmation = true;
    }

    public void recordOpening() {
        status = InvitationStatus.OPENED;
    }

    public void recordGrant(String newGrantId, Instant now) {
        status = InvitationStatus.GRANTED;
        grantId = newGrantId;
        grantedAt = now;
    }

    public void recordDenial() {
        if (status != InvitationStatus.GRANTED) {
            status = InvitationStatus.DENIED;
        }
    }

    /** Writes down that its time is over. */
    void expire() {
        status = InvitationStatus.EXPIRED;
    }

    /** The status at a moment: the end comes without anybody writing it down. */
    public InvitationStatus status(Instant now) {
        boolean over =
                status != InvitationStatus.GRANTED && status != InvitationStatus.DENIED && !expiresAt.isAfter(now);
        return over ? InvitationStatus.EXPIRED : status;
    }

    /** Whether the link still leads to the provider. */
    public boolean isOpen(Instant now) {
        return status != InvitationStatus.GRANTED && expiresAt.isAfter(now);
    }

    public String id() {
        return id;
    }

    public String connector() {
        return connector;
    }

    public String subject() {
        return subject;
    }

    public @Nullable String accountId() {
        return accountId;
    }

    public List<String> features() {
        return features.isEmpty() ? List.of() : List.of(features.split(" ", -1));
    }

    public Scopes scopes() {
        return scopes;
    }

    public @Nullable String returnTo() {
        return returnTo;
    }

    public @Nullable Locale locale() {
        return locale == null ? null : Locale.forLanguageTag(locale);
    }

    /** Where the sealed context lives; it opens nowhere else. */
    static String contextAssociatedData(String id) {
        return "invitation/" + id + "/context";
    }

    @Nullable
    Sealed context() {
        return context;
    }

    public boolean awaitsConfirmation() {
        return awaitsConfirmation;
    }

    public @Nullable String grantId() {
        return grantId;
    }

    /** By which the log tells of it; null when nobody asked for it. */
    public @Nullable String trace() {
        return trace;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }
}
