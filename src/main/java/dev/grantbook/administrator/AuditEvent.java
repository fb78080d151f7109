package dev.grantbook.administrator;

import dev.grantbook.apikey.ClientAddress;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/**
 * One line of the audit: a sign-in, a failed one, or something that an administrator did. Never changed once it is
 * known.
 */
@Entity
@Table(name = "audit_event")
public class AuditEvent {

    /** What happened. */
    public enum AuditEventKind {
        SIGNED_IN,
        /** Wrong name, wrong password or locked name. */
        SIGN_IN_FAILED,
        /** Failed too often: the name is closed for a while. */
        LOCKED,
        SIGNED_OUT,
        ADMINISTRATOR_ADDED,
        ADMINISTRATOR_REMOVED,
        PASSWORD_CHANGED,
        /** A message to a bot was sent again. */
        DELIVERY_REPLAYED,
        /**
         * Messages that bots had not taken were sent again; {@link #about()} is how many, and of which bot if of one
         * only.
         */
        PARKED_REPLAYED,
        /** A key came into the keyset; {@link #about()} is its number. */
        KEY_ADDED,
        /** From then on this key seals. */
        KEY_PROMOTED,
        /** A key that nothing needs any more left the keyset. */
        KEY_DROPPED,
        /** What a chat user granted was ended; {@link #about()} is the grant. */
        GRANT_DISCONNECTED,
        /**
         * Everything about a chat user was handed out; {@link #about()} is the grant it was asked for at, or else the
         * bot.
         */
        SUBJECT_EXPORTED,
        /** A chat user was forgotten; {@link #about()} is the number of the erasure, which says nothing of whose. */
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

    /** What came of a sign-in that was written down as failed before its password was checked. */
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
     * The name of the administrator who did it or whose name was used; empty where no administrator has the name, since
     * people type passwords into the wrong field.
     */
    public String actor() {
        return actor;
    }

    /** The administrator, the key, the message or the grant that it was done to; empty for sign-ins. */
    public String about() {
        return about;
    }

    /** Where the request came from. */
    public String address() {
        return address;
    }
}
