package dev.grantbook.notice;

import dev.grantbook.oauth.Secret;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Time of an account's deletion, found by the confirmation code that only its user has. Never changed. */
@Entity
@Table(name = "deletion")
public class Deletion {

    @Id
    @Column(name = "code_hash")
    private String codeHash = "";

    @Column(name = "done_at")
    private Instant doneAt = Instant.EPOCH;

    protected Deletion() {}

    Deletion(Secret code, Instant now) {
        this.codeHash = code.hash();
        this.doneAt = now;
    }

    public Instant doneAt() {
        return doneAt;
    }
}
