package dev.grantbook.apikey;

import dev.grantbook.vault.Sealed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request with an {@code Idempotency-Key}.
 *
 * <p>Life: <b>running</b> until it is answered, or its node must have died; <b>answered</b> for a day, in which the
 * same request gets the same answer.
 */
@Entity
@Table(name = "repeatable_request")
class RepeatableRequest {

    static final Duration KEPT = Duration.ofHours(24);

    /** Longer than any request takes: its node must have died. */
    static final Duration LONGEST_RUN = Duration.ofMinutes(5);

    @Id
    private String id = "";

    @Column(name = "request_hash")
    private String requestHash = "";

    @Column(name = "started_at")
    private Instant startedAt = Instant.EPOCH;

    private @Nullable Integer status;

    private @Nullable Sealed answer;

    @Version
    private long version;

    protected RepeatableRequest() {}

    RepeatableRequest(String id, String requestHash, Instant now) {
        this.id = id;
        this.requestHash = requestHash;
        this.startedAt = now;
    }

    /** Place of a sealed answer; it opens nowhere else. */
    static String answerAssociatedData(String id) {
        return "repeatable_request/" + id + "/answer";
    }

    void storeAnswer(int newStatus, Sealed newAnswer) {
        status = newStatus;
        answer = newAnswer;
    }

    boolean isFor(String hash) {
        return requestHash.equals(hash);
    }

    /** Whether it is too old, or was left by a node that died. */
    boolean isOver(Instant now) {
        Duration life = answer == null ? LONGEST_RUN : KEPT;
        return !startedAt.plus(life).isAfter(now);
    }

    /** HTTP status of the answer; null while the request runs. */
    @Nullable
    Integer status() {
        return status;
    }

    @Nullable
    Sealed answer() {
        return answer;
    }
}
