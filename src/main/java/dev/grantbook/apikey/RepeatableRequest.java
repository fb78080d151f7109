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
 * A request that its sender may send again: one with an {@code Idempotency-Key}.
 *
 * <p>Life: <b>running</b> until it is answered, or until whoever ran it must have died; <b>answered</b> for a day, in
 * which the same request gets the same answer.
 */
@Entity
@Table(name = "repeatable_request")
class RepeatableRequest {

    /** How long an answer is kept. */
    static final Duration KEPT = Duration.ofHours(24);

    /** Longer than any request takes: a node that has not answered by then will not. */
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

    /** Where a sealed answer lives; it opens nowhere else. */
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

    /** Whether it is of no use any more: too old, or left behind by a node that died. */
    boolean isOver(Instant now) {
        Duration life = answer == null ? LONGEST_RUN : KEPT;
        return !startedAt.plus(life).isAfter(now);
    }

    /** The answer's HTTP status; null while the request runs. */
    @Nullable
    Integer status() {
        return status;
    }

    @Nullable
    Sealed answer() {
        return answer;
    }
}
