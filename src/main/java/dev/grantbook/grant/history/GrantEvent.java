package dev.grantbook.grant.history;

import dev.grantbook.grant.EndReason;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.WireName;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of a grant's history. Immutable. */
@Entity
@Table(name = "grant_event")
public class GrantEvent {

    public enum GrantEventKind implements WireName {
        /** The user granted for the first time, or again after the grant had ended. */
        GRANTED,
        /** A bot imported the tokens, and the provider accepted them. */
        IMPORTED,
        /** The user granted again, or the provider reported other scopes. */
        CHANGED,
        /** The user was asked again and refused; the grant stays as it was. */
        REFUSED,
        /** The user, a bot, an administrator or the provider ended the grant, or retention did. */
        DISCONNECTED,
        CONFIRMED,
        /** The grant was not confirmed before its deadline; its tokens were destroyed. */
        UNCONFIRMED,
        /** The provider rejected the token. */
        REJECTED,
        /** The provider rejected the refresh token; the grant ends when its access token expires. */
        REFRESH_FAILED,
        /** The token expired and could not be refreshed. */
        EXPIRED,
        PROVIDER_NOTIFIED,
        /** The provider was not notified of the end, and will not be. */
        PROVIDER_NOT_NOTIFIED,
        /** The account was erased from the grant, or the grant itself. */
        ERASED;
    }

    @Id
    private String id = "";

    @Column(name = "grant_id")
    private String grantId = "";

    @Column(name = "occurred_at")
    private Instant at = Instant.EPOCH;

    @Enumerated(EnumType.STRING)
    private GrantEventKind kind = GrantEventKind.GRANTED;

    private String actor = "";
    private Scopes asked = Scopes.NONE;
    private Scopes granted = Scopes.NONE;

    @Enumerated(EnumType.STRING)
    private @Nullable EndReason reason;

    protected GrantEvent() {}

    public GrantEvent(
            String id,
            GrantId grantId,
            Instant at,
            GrantEventKind kind,
            String actor,
            Scopes asked,
            Scopes granted,
            @Nullable EndReason reason) {
        this.id = id;
        this.grantId = grantId.value();
        this.at = at;
        this.kind = kind;
        this.actor = actor;
        this.asked = asked;
        this.granted = granted;
        this.reason = reason;
    }

    public String id() {
        return id;
    }

    public GrantId grantId() {
        return new GrantId(grantId);
    }

    public Instant at() {
        return at;
    }

    public GrantEventKind kind() {
        return kind;
    }

    /**
     * {@code user}, {@code api-key:NAME}, {@code administrator:NAME}, {@code provider}, {@code grantbook} (a job), or a
     * channel such as {@code facebook}.
     */
    public String actor() {
        return actor;
    }

    /** Why the grant ended or will, or why its provider was not notified; null for other events. */
    public @Nullable EndReason reason() {
        return reason;
    }

    public Scopes asked() {
        return asked;
    }

    public Scopes granted() {
        return granted;
    }

    public Scopes declined() {
        return asked.minus(granted);
    }
}
