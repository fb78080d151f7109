package dev.grantbook.platform.persistence;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** SQL on a few rows, most of it on rows that nobody else has locked, so that nobody waits for anybody. */
public final class LimitedUpdate {

    /** Ends a native {@code SELECT id …}: passes over rows that another transaction has locked, rather than waiting. */
    public static final String SKIP_LOCKED = " FOR UPDATE SKIP LOCKED";

    /** Rows that go at once. */
    private static final int FEW = 200;

    private LimitedUpdate() {}

    /**
     * Deletes a few rows, in the caller's transaction.
     *
     * @param table with a column {@code id}
     * @param condition in SQL, with a question mark for each value
     * @return how many rows are gone
     */
    public static int delete(EntityManager entities, String table, String condition, Object... values) {
        List<?> ids = take(entities, table, condition, values);
        return ids.isEmpty()
                ? 0
                : query(entities, "DELETE FROM " + table + " WHERE id IN " + marks(ids), ids.toArray())
                        .executeUpdate();
    }

    /** Locks a few rows, and gives their ids. */
    public static List<?> take(EntityManager entities, String table, String condition, Object... values) {
        return query(
                        entities,
                        "SELECT id FROM " + table + " WHERE " + condition + " FETCH FIRST " + FEW + " ROWS ONLY"
                                + SKIP_LOCKED,
                        values)
                .getResultList();
    }

    /** Locks one row, waiting for whoever has it. */
    public static void lock(EntityManager entities, String table, String id) {
        query(entities, "SELECT id FROM " + table + " WHERE id = ? FOR UPDATE", id)
                .getResultList();
    }

    /** A question mark for each value, in brackets. */
    public static String marks(Collection<?> values) {
        return "(" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")";
    }

    /** @param values for the question marks */
    public static Query query(EntityManager entities, String sql, Object... values) {
        Query query = entities.createNativeQuery(sql);
        for (int index = 0; index < values.length; index++) {
            Object value = values[index];
            query.setParameter(index + 1, value instanceof Instant time ? Timestamp.from(time) : value);
        }
        return query;
    }
}
