package dev.grantbook.imports;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A request of a bot to import tokens. Never changed: its items have the progress. */
@Entity
@Table(name = "import")
class Import {

    @Id
    private String id = "";

    @Column(name = "made_by")
    private String madeBy = "";

    private int total;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    protected Import() {}

    Import(String id, String madeBy, int total, Instant now) {
        this.id = id;
        this.madeBy = madeBy;
        this.total = total;
        this.createdAt = now;
    }

    String id() {
        return id;
    }

    /** The actor, as in histories. */
    String madeBy() {
        return madeBy;
    }

    /** Number of items in the request; those of an erased subject are gone. */
    int total() {
        return total;
    }

    Instant createdAt() {
        return createdAt;
    }
}
