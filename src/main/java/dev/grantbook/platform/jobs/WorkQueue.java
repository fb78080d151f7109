package dev.grantbook.platform.jobs;

import static dev.grantbook.platform.persistence.LimitedUpdate.SKIP_LOCKED;
import static dev.grantbook.platform.persistence.LimitedUpdate.query;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A durable queue: a table of {@link WorkItem}s that any number of nodes share. Nodes that claim at the same time get
 * different items, and none waits for a lock. An item belongs to a lane, such as its provider, so that a provider that
 * is away delays its own items only.
 *
 * <p>Each method joins the caller's transaction, and none is open while the work is done:
 *
 * <pre>
 * queue.due(…)            lanes with due items
 * queue.claim(…)          in one short transaction
 * …                       the work itself
 * queue.lockClaimed(…)    in another one, which settles or postpones it
 * </pre>
 *
 * @param table with columns {@code due_at} and {@code tries}
 * @param waiting SQL condition of a row {@code w} that is not settled
 * @param unblocked SQL condition of a row {@code w} that need not wait for another one
 */
public record WorkQueue<T extends WorkItem>(
        Class<T> type, String table, String key, String lane, String waiting, String unblocked) {

    public List<String> due(EntityManager entities, Instant now) {
        List<?> lanes = query(
                        entities,
                        "SELECT DISTINCT w." + lane + " FROM " + table + " w WHERE " + waiting + " AND w.due_at <= ?",
                        now)
                .getResultList();
        return lanes.stream().map(String.class::cast).toList();
    }

    /** Claims a due item of a lane, the first by an SQL order of rows {@code w}, for the time of the lease. */
    public Optional<T> claim(EntityManager entities, String lane, String order, Instant now, Duration lease) {
        return claim(
                entities,
                "w." + this.lane + " = ? AND w.due_at <= ? AND " + unblocked + " ORDER BY " + order
                        + " FETCH FIRST 1 ROWS ONLY",
                item -> item.isDue(now),
                now.plus(lease),
                lane,
                now);
    }

    /** Claims an item that its creator postponed in order to work on it at once; empty when another node was first. */
    public Optional<T> claimFirst(EntityManager entities, Object key, Instant now, Duration lease) {
        return claim(
                entities, "w." + this.key + " = ? AND w.tries = 0", item -> item.tries() == 0, now.plus(lease), key);
    }

    /** @param still checked once the row is locked: another node may have settled it between query and lock */
    private Optional<T> claim(
            EntityManager entities, String condition, Predicate<T> still, Instant until, Object... values) {
        List<?> free = query(
                        entities,
                        "SELECT w." + key + " FROM " + table + " w WHERE " + waiting + " AND " + condition
                                + SKIP_LOCKED,
                        values)
                .getResultList();
        Optional<T> claimed = free.stream()
                .findFirst()
                // Databases differ in the type of whole numbers.
                .map(id -> id instanceof Number number ? (Object) number.longValue() : id)
                .map(id -> entities.find(type, id))
                .filter(still);
        claimed.ifPresent(item -> item.claim(until));
        return claimed;
    }

    /** Prolongs the lease unless a newer claim exists. */
    public void prolong(EntityManager entities, T claimed, Instant until) {
        query(
                        entities,
                        "UPDATE " + table + " SET due_at = ? WHERE " + key + " = ? AND tries = ?",
                        until,
                        claimed.key(),
                        claimed.tries())
                .executeUpdate();
    }

    /** Locks an item even when another node has claimed it since; empty when it is settled. */
    public Optional<T> lock(EntityManager entities, T claimed) {
        return Optional.ofNullable(entities.find(type, claimed.key(), LockModeType.PESSIMISTIC_WRITE))
                .filter(WorkItem::isWaiting);
    }

    /** Locks an item to settle or postpone it; empty when it is settled, or claimed by another node since. */
    public Optional<T> lockClaimed(EntityManager entities, T claimed) {
        return lock(entities, claimed).filter(item -> item.tries() == claimed.tries());
    }

    /** Works on one item after another until none is left, or the work returns false. */
    public static <W> void drain(Supplier<Optional<W>> claim, Predicate<W> work) {
        Optional<W> next = claim.get();
        while (next.isPresent() && work.test(next.get())) {
            next = claim.get();
        }
    }
}
