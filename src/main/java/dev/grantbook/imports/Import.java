package dev.grantbook.imports;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Tokens that a bot brought along from elsewhere, all at once. Never changed: how far it is, its items say. */
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

    /** As histories name it. */
    String madeBy() {
        return madeBy;
    }

    /** How many items there were; those of a subject that was forgotten are gone. */
    int total() {
        return total;
    }

    Instant createdAt() {
        return createdAt;
    }
}
