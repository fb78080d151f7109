package dev.grantbook.subject;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** That a subject was forgotten, when, and at whose word; never whose data it was. Never changed. */
@Entity
@Table(name = "erasure")
public class Erasure {

    @Id
    private String id = "";

    @Column(name = "done_at")
    private Instant doneAt = Instant.EPOCH;

    private String actor = "";

    @Column(name = "rows_erased")
    private int rows;

    protected Erasure() {}

    Erasure(String id, Instant doneAt, String actor, int rows) {
        this.id = id;
        this.doneAt = doneAt;
        this.actor = actor;
        this.rows = rows;
    }

    public String id() {
        return id;
    }

    public Instant doneAt() {
        return doneAt;
    }

    /** {@code api-key:NAME} or {@code administrator:NAME}. */
    public String actor() {
        return actor;
    }

    /** How many grants, links, attempts, conversations and messages are gone. */
    public int rows() {
        return rows;
    }
}
