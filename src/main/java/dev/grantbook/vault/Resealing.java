package dev.grantbook.vault;

import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Seals again, with the key that seals now, what older keys sealed. A key that a node does not seal with yet is none of
 * these: nodes that are promoted one after the other would undo each other's work. What is left to do stands in the
 * values themselves, which say whose key they need; so a pass that was killed needs no memory, and the next one finds
 * the rest. Any number of nodes can do it at once.
 *
 * <p>A row's version stays as it is. Nothing of a grant has changed, and whoever is about to write the row must not
 * fail: a refresh would lose the token that it just got. The other way round nothing is lost either, since a row is
 * locked from reading its value to writing it.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.NOT_SUPPORTED)
public class Resealing {

    private static final Logger LOG = Logger.getLogger(Resealing.class.getName());

    /** Rows of one transaction: so few that nobody waits for them. */
    private static final int BATCH = 100;

    int batch = BATCH;

    /**
     * Not an entity manager: one that is asked without a transaction would be closed twice by Payara's executor, with a
     * SEVERE.
     */
    @PersistenceUnit
    @SuppressWarnings("NullAway.Init") // the server injects it
    EntityManagerFactory entities;

    @Resource(lookup = "java:app/jdbc/grantbook")
    @SuppressWarnings("NullAway.Init") // the server injects it
    DataSource dataSource;

    @Inject
    Vault vault;

    /** All that hold something sealed. */
    List<SealedColumn> columns = List.of();

    @PostConstruct
    void findColumns() {
        columns = SealedColumn.all(entities.getMetamodel());
    }

    /**
     * What a pass did.
     *
     * @param resealed values that now need the primary key only
     * @param lost values that no key of ours opens: somebody changed them in the database
     */
    public record Pass(int resealed, int lost) {}

    /** How many rows a batch saw, what became of them, and where it ended. */
    private record Batch(int resealed, int lost, @Nullable Object last) {}

    private record Row(Object id, Sealed sealed) {}

    /** Goes once through every column, if there is an old key at all. */
    public Pass pass() {
        List<String> keys = vault.keyset().old();
        if (keys.isEmpty()) {
            report(0);
            return new Pass(0, 0);
        }
        List<String> old = heads(keys);
        Map<String, Long> census = census();
        long left = keys.stream().mapToLong(key -> census.getOrDefault(key, 0L)).sum();
        int resealed = 0;
        int lost = 0;
        for (SealedColumn column : columns) {
            Object after = null;
            do {
                Batch done = batch(column, old, after);
                resealed += done.resealed();
                lost += done.lost();
                after = done.last();
                report(left - resealed);
            } while (after != null);
        }
        if (resealed > 0) {
            LOG.log(Level.INFO, "{0} values were sealed again with the key {1}", new Object[] {
                resealed, vault.keyset().primary()
            });
        }
        return new Pass(resealed, lost);
    }

    /** How many values each key has sealed, in all columns; by the key's number. */
    public Map<String, Long> census() {
        var census = new TreeMap<String, Long>();
        for (SealedColumn column : columns) {
            String head = "SUBSTRING(" + column.column() + ", 1, " + Keyset.HEAD_TEXT + ")";
            String sql = "SELECT " + head + ", COUNT(*) FROM " + column.table() + " WHERE " + column.column()
                    + " IS NOT NULL GROUP BY " + head;
            try (Connection connection = dataSource.getConnection();
                    var statement = connection.prepareStatement(sql);
                    var rows = statement.executeQuery()) {
                while (rows.next()) {
                    long values = rows.getLong(2);
                    Keyset.keyOf(rows.getString(1)).ifPresent(key -> census.merge(key, values, Long::sum));
                }
            } catch (SQLException e) {
                throw new IllegalStateException("the database does not say what is sealed in " + column, e);
            }
        }
        return census;
    }

    /** Whether a value is left that only this key opens. */
    boolean needs(String key) {
        return columns.stream().anyMatch(column -> needs(column, key));
    }

    /** As this node sees it: what others have done meanwhile shows at the next pass. */
    private static void report(long left) {
        Meters.level("keys.values.left", left);
    }

    private boolean needs(SealedColumn column, String key) {
        List<String> heads = heads(List.of(key));
        try (Connection connection = dataSource.getConnection();
                var select = connection.prepareStatement("SELECT id, " + column.column() + " FROM " + column.table()
                        + " WHERE " + begins(column, heads))) {
            set(select, heads);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    Object id = rows.getObject(1);
                    if (open(column, id, new Sealed(rows.getString(2))) != null) {
                        return true;
                    }
                }
                return false;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say what is sealed in " + column, e);
        }
    }

    private Batch batch(SealedColumn column, List<String> old, @Nullable Object after) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Batch done = batch(connection, column, old, after);
                connection.commit();
                return done;
            } finally {
                // What was not committed is undone; a pool gives the connection to somebody else.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(column + " cannot be sealed again", e);
        }
    }

    private Batch batch(Connection connection, SealedColumn column, List<String> old, @Nullable Object after)
            throws SQLException {
        int resealed = 0;
        int lost = 0;
        Object last = null;
        for (Row row : take(connection, column, old, after)) {
            last = row.id();
            String text = open(column, row.id(), row.sealed());
            if (text == null) {
                lost++;
            } else {
                write(connection, column, row.id(), vault.seal(text, column.associatedData(row.id())));
                resealed++;
            }
        }
        return new Batch(resealed, lost, last);
    }

    /** The next rows that an old key sealed, and that no other node has taken. */
    private List<Row> take(Connection connection, SealedColumn column, List<String> old, @Nullable Object after)
            throws SQLException {
        String sql = "SELECT id, " + column.column() + " FROM " + column.table() + " WHERE " + begins(column, old)
                + (after == null ? "" : " AND id > ?") + " ORDER BY id FETCH FIRST " + batch + " ROWS ONLY"
                + LimitedUpdate.SKIP_LOCKED;
        try (var select = connection.prepareStatement(sql)) {
            set(select, old);
            if (after != null) {
                select.setObject(old.size() + 1, after);
            }
            var found = new ArrayList<Row>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Row(rows.getObject(1), new Sealed(rows.getString(2))));
                }
            }
            return found;
        }
    }

    private static void write(Connection connection, SealedColumn column, Object id, Sealed sealed)
            throws SQLException {
        try (var update = connection.prepareStatement(
                "UPDATE " + column.table() + " SET " + column.column() + " = ? WHERE id = ?")) {
            update.setString(1, sealed.text());
            update.setObject(2, id);
            update.executeUpdate();
        }
    }

    /** How the values of these keys begin. */
    private static List<String> heads(List<String> keys) {
        return keys.stream().flatMap(key -> Keyset.heads(key).stream()).toList();
    }

    private static String begins(SealedColumn column, List<String> heads) {
        return "SUBSTRING(" + column.column() + ", 1, " + Keyset.HEAD_TEXT + ") IN ("
                + String.join(", ", Collections.nCopies(heads.size(), "?")) + ")";
    }

    private static void set(PreparedStatement statement, List<String> heads) throws SQLException {
        for (int i = 0; i < heads.size(); i++) {
            statement.setString(i + 1, heads.get(i));
        }
    }

    /** Null when nobody can open it any more, which is no reason to leave the others as they are. */
    private @Nullable String open(SealedColumn column, Object id, Sealed sealed) {
        try {
            return vault.open(sealed, column.associatedData(id));
        } catch (VaultException e) {
            return null;
        }
    }
}
