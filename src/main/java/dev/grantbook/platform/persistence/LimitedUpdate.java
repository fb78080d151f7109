package dev.grantbook.platform.persistence;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Native SQL on few rows, mostly on rows that are not locked, so that nodes do not wait for each other. */
public final class LimitedUpdate {

    /** Ends a native {@code SELECT id …}: skips rows that another transaction has locked. */
    public static final String SKIP_LOCKED = " FOR UPDATE SKIP LOCKED";

    /** Rows of one statement. */
    private static final int FEW = 200;

    private LimitedUpdate() {}

    /** Deletes rows by SQL with a question mark for each value, {@value #FEW} at most, and returns how many. */
    public static int delete(EntityManager entities, String table, String condition, Object... values) {
        List<?> ids = take(entities, table, condition, values);
        return ids.isEmpty()
                ? 0
                : query(entities, "DELETE FROM " + table + " WHERE id IN " + marks(ids), ids.toArray())
                        .executeUpdate();
    }

    /** Locks rows, {@value #FEW} at most, skipping those that are locked, and returns their ids. */
    public static List<?> take(EntityManager entities, String table, String condition, Object... values) {
        return query(
                        entities,
                        "SELECT id FROM " + table + " WHERE " + condition + " FETCH FIRST " + FEW + " ROWS ONLY"
                                + SKIP_LOCKED,
                        values)
                .getResultList();
    }

    /** Locks one row, waiting for its release. */
    public static void lock(EntityManager entities, String table, String id) {
        query(entities, "SELECT id FROM " + table + " WHERE id = ? FOR UPDATE", id)
                .getResultList();
    }

    /** Returns a question mark for each value, in brackets. */
    public static String marks(Collection<?> values) {
        return "(" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")";
    }

    public static Query query(EntityManager entities, String sql, Object... values) {
        Query query = entities.createNativeQuery(sql);
        for (int index = 0; index < values.length; index++) {
            Object value = values[index];
            query.setParameter(index + 1, value instanceof Instant time ? Timestamp.from(time) : value);
        }
        return query;
    }
}
