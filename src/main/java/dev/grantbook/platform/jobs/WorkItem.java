package dev.grantbook.platform.jobs;

import dev.grantbook.id.ConnectorId;
import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.time.Duration;
import java.time.Instant;

/**
 * A row of a {@link WorkQueue}.
 *
 * <p>Life: due from the start; <b>claimed</b> by one node at a time, under a lease that expires unless prolonged; then
 * settled, or due again after a pause. Only the newest claim may settle it: the number of tries is the fence.
 */
@MappedSuperclass
public abstract class WorkItem {

    /** Next try; end of the lease while claimed. */
    @Column(name = "due_at")
    private Instant dueAt = Instant.EPOCH;

    private int tries;
    private String connector = "";

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    protected WorkItem() {}

    protected WorkItem(ConnectorId connector, Instant now) {
        this.connector = connector.value();
        this.createdAt = now;
        this.dueAt = now;
    }

    protected abstract Object key();

    protected abstract boolean isWaiting();

    void claim(Instant until) {
        tries++;
        dueAt = until;
    }

    /** Keeps all nodes from claiming it before then. */
    public void postpone(Instant until) {
        dueAt = until;
    }

    /**
     * Postpones the next try of work that began to wait then; false when the patience is over.
     *
     * @see Backoff#pause
     */
    protected boolean postpone(Backoff backoff, Instant since, Duration wanted, double chance, Instant now) {
        var pause = backoff.pause(Duration.between(since, now), wanted, chance);
        pause.map(now::plus).ifPresent(this::postpone);
        return pause.isPresent();
    }

    boolean isDue(Instant now) {
        return isWaiting() && !dueAt.isAfter(now);
    }

    /** Time of the next try; without meaning once it is settled. */
    public Instant dueAt() {
        return dueAt;
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    public Instant createdAt() {
        return createdAt;
    }

    public int tries() {
        return tries;
    }
}
