package dev.grantbook.subject;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Time and actor of a subject's erasure, without the subject. Never changed. */
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

    /** Number of erased grants, links, attempts, conversations and messages. */
    public int rows() {
        return rows;
    }
}
