package dev.grantbook.administrator;

import dev.grantbook.apikey.ClientAddress;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A line of the audit: a sign-in, a failed one, or an administrator's action. Immutable once its outcome is known. */
@Entity
@Table(name = "audit_event")
public class AuditEvent {

    public enum AuditEventKind {
        SIGNED_IN,
        /** Wrong name, wrong password or locked name. */
        SIGN_IN_FAILED,
        /** Failed too often: the name is locked for a while. */
        LOCKED,
        SIGNED_OUT,
        /** A session was ended in the list; {@link #about()} is the administrator. */
        SESSION_ENDED,
        /** All sessions of the actor but the one at hand; {@link #about()} is how many. */
        OTHER_SESSIONS_ENDED,
        ADMINISTRATOR_ADDED,
        ADMINISTRATOR_REMOVED,
        PASSWORD_CHANGED,
        /** A message to a bot was sent again. */
        DELIVERY_REPLAYED,
        /** Parked messages were sent again; {@link #about()} is how many, and of which bot if of one only. */
        PARKED_REPLAYED,
        /** The connectors file was read again; {@link #about()} is how many connectors and API keys changed. */
        CONNECTORS_RELOADED,
        /** A key was added to the keyset; {@link #about()} is its number. */
        KEY_ADDED,
        /** The key seals from then on. */
        KEY_PROMOTED,
        /** A key that no value needs any more was removed. */
        KEY_DROPPED,
        /** A chat user's grant was ended; {@link #about()} is the grant. */
        GRANT_DISCONNECTED,
        /** The data of a chat user was exported; {@link #about()} is the grant it was requested at, or else the bot. */
        SUBJECT_EXPORTED,
        /** A chat user's data was erased; {@link #about()} is the number of the erasure, which identifies nobody. */
        SUBJECT_ERASED
    }

    @Id
    private String id = "";

    @Column(name = "occurred_at")
    private Instant at = Instant.EPOCH;

    @Enumerated(EnumType.STRING)
    private AuditEventKind kind = AuditEventKind.SIGNED_IN;

    private String actor = "";
    private String about = "";
    private String address = "";

    @SuppressWarnings("UnusedVariable") // queries read it
    private String network = "";

    protected AuditEvent() {}

    AuditEvent(String id, Instant at, AuditEventKind kind, String actor, String about, ClientAddress address) {
        this.id = id;
        this.at = at;
        this.kind = kind;
        this.actor = actor;
        this.about = about;
        this.address = address.text();
        this.network = address.network();
    }

    /** Replaces the outcome of a sign-in that was recorded as failed before its password was checked. */
    void settle(AuditEventKind outcome, String name) {
        kind = outcome;
        actor = name;
    }

    public String id() {
        return id;
    }

    public Instant at() {
        return at;
    }

    public AuditEventKind kind() {
        return kind;
    }

    /**
     * The administrator's name; empty where none has the name typed, since people type passwords into the wrong field.
     */
    public String actor() {
        return actor;
    }

    /** The administrator, key, message or grant concerned; empty for sign-ins. */
    public String about() {
        return about;
    }

    /** IP address of the request. */
    public String address() {
        return address;
    }
}
