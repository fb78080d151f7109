package dev.grantbook.invitation;

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
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A short-lived link made for one subject.
 *
 * <p>Life: <b>waiting</b> until the user presses the button (a GET changes nothing, since chat apps open links too);
 * <b>opened</b> from then on, as often as the user wants; <b>denied</b> after a refusal, which the user may reconsider;
 * <b>granted</b> after the first grant, and then used up; <b>expired</b> when its lifetime is over before that, after a
 * refusal once that is stored.
 */
@Entity
@Table(name = "invitation")
public class Invitation {

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
     * @param accountId the provider account that has to grant; null for any
     * @param features ids; empty for the connector's whole need
     * @param scopes beyond those of the features
     * @param returnTo address where the user goes at the end; null for none
     * @param locale the user's language; null for the browser's
     * @param context JSON of the bot, repeated with the outcome; null for none
     */
    public record Request(
            ConnectorId connector,
            Subject subject,
            @Nullable String accountId,
            List<String> features,
            Scopes scopes,
            @Nullable String returnTo,
            @Nullable Locale locale,
            @Nullable String context) {}

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
            boolean awaitsConfirmation,
            @Nullable String trace,
            Instant now,
            Instant expiresAt) {
        this.id = id;
        this.tokenHash = tokenHash;
        this.connector = request.connector().value();
        this.subject = request.subject().value();
        this.accountId = request.accountId();
        this.features = String.join(" ", request.features());
        this.scopes = request.scopes();
        this.returnTo = request.returnTo();
        this.locale = request.locale() == null ? null : request.locale().toLanguageTag();
        this.context = context;
        this.awaitsConfirmation = awaitsConfirmation;
        this.trace = trace;
        this.createdAt = now;
        this.expiresAt = expiresAt;
    }

    public void recordGrant(GrantId newGrantId, Instant now) {
        status = InvitationStatus.GRANTED;
        grantId = newGrantId.value();
        grantedAt = now;
    }

    public void recordDenial() {
        if (status != InvitationStatus.GRANTED) {
            status = InvitationStatus.DENIED;
        }
    }

    void expire() {
        status = InvitationStatus.EXPIRED;
    }

    /** The status at a moment; a lifetime ends without a write. */
    public InvitationStatus status(Instant now) {
        boolean over =
                status != InvitationStatus.GRANTED && status != InvitationStatus.DENIED && !expiresAt.isAfter(now);
        return over ? InvitationStatus.EXPIRED : status;
    }

    public boolean isOpen(Instant now) {
        return status != InvitationStatus.GRANTED && expiresAt.isAfter(now);
    }

    public String id() {
        return id;
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    public Subject subject() {
        return new Subject(subject);
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

    public @Nullable GrantId grantId() {
        return grantId == null ? null : new GrantId(grantId);
    }

    /** Id of the request that made it, in the log; null when there was none. */
    public @Nullable String trace() {
        return trace;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    /** Whether it led to a grant after a moment. */
    boolean isGrantedAfter(Instant moment) {
        return grantedAt != null && grantedAt.isAfter(moment);
    }
}
