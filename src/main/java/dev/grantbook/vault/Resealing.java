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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Seals again, with the primary key, what older keys sealed; a key that comes after it is not older, or nodes that are
 * promoted one after the other would undo each other's work. The values themselves say which key they need, so a pass
 * can be killed, and any number of nodes may run one.
 *
 * <p>A row is locked from reading its value to writing it, and its version stays: a concurrent refresh must not fail
 * and lose the token that it just received.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.NOT_SUPPORTED)
public class Resealing {

    private static final Logger LOG = Logger.getLogger(Resealing.class.getName());

    /** Rows of one transaction: few, so that others wait only briefly. */
    private static final int BATCH = 100;

    int batch = BATCH;

    /** Not an entity manager: Payara's executor would close one used without a transaction twice, with a SEVERE. */
    @PersistenceUnit
    EntityManagerFactory entities;

    @Resource(lookup = "java:app/jdbc/grantbook")
    DataSource dataSource;

    @Inject
    Vault vault;

    List<SealedColumn> columns = List.of();

    @PostConstruct
    void findColumns() {
        columns = SealedColumn.all(entities.getMetamodel());
    }

    /** How many values were resealed, and how many no key of ours opens, since they were changed in the database. */
    public record Pass(int resealed, int lost) {}

    /** Result of a batch, and the id where it ended; null when it was the last. */
    private record Batch(int resealed, int lost, @Nullable Object last) {}

    private record Row(Object id, Sealed sealed) {}

    /** Processes every column once, if there is an old key. */
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

    /** Counts the values of each key in all columns, by the key's number. */
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

    /** Reports what this node sees; the work of others shows at the next pass. */
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
                // Undoes what was not committed, before the pool reuses the connection.
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

    /** Locks the next rows that an old key sealed, skipping those locked by other nodes. */
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

    private static List<String> heads(List<String> keys) {
        return keys.stream().flatMap(key -> Keyset.heads(key).stream()).toList();
    }

    private static String begins(SealedColumn column, List<String> heads) {
        return "SUBSTRING(" + column.column() + ", 1, " + Keyset.HEAD_TEXT + ") IN " + LimitedUpdate.marks(heads);
    }

    private static void set(PreparedStatement statement, List<String> heads) throws SQLException {
        for (int i = 0; i < heads.size(); i++) {
            statement.setString(i + 1, heads.get(i));
        }
    }

    /** Opens a value; null when no key of ours can, which does not stop the others. */
    private @Nullable String open(SealedColumn column, Object id, Sealed sealed) {
        try {
            return vault.open(sealed, column.associatedData(id));
        } catch (VaultException e) {
            return null;
        }
    }
}
