package dev.grantbook.grant.history;

import dev.grantbook.grant.EndReason;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Scopes;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line of a grant's history: who did what, when, what was asked and what came of it. Never changed. */
@Entity
@Table(name = "grant_event")
public class GrantEvent {

    /** What happened. */
    public enum GrantEventKind {
        /** The user granted for the first time, or again after the grant had ended. */
        GRANTED,
        /** A bot brought the tokens along from elsewhere, and the provider took them. */
        IMPORTED,
        /** The user went to the provider again and came back with a new token. */
        CHANGED,
        /** The user went to the provider again and refused; the grant stays as it was. */
        REFUSED,
        /** Somebody ended the grant. */
        DISCONNECTED,
        /** The chat user showed that it was them who granted. */
        CONFIRMED,
        /** Nobody confirmed the grant in time, so its tokens were destroyed. */
        UNCONFIRMED,
        /** The provider no longer took the token. */
        REJECTED,
        /** The provider no longer gives tokens for the refresh token; the grant ends with the token that it has. */
        REFRESH_FAILED,
        /** The lifetime of the token was over, and no other could be got. */
        EXPIRED,
        /** The provider was told of the end. */
        PROVIDER_NOTIFIED,
        /** The provider was not told of the end, and will not be. */
        PROVIDER_NOT_NOTIFIED,
        /** The account asked to be forgotten; the grant no longer says whose it was. */
        ERASED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
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
     * Who did it: {@code user}, {@code api-key:NAME}, {@code administrator:NAME}, {@code provider}, {@code grantbook}
     * (a deadline passed), or a channel that told us, such as {@code facebook}.
     */
    public String actor() {
        return actor;
    }

    /** Why the grant ended, or will, or why its provider was not told; null when that is not what happened. */
    public @Nullable EndReason reason() {
        return reason;
    }

    public Scopes asked() {
        return asked;
    }

    public Scopes granted() {
        return granted;
    }

    /** What was asked and not granted. */
    public Scopes declined() {
        return asked.minus(granted);
    }
}
