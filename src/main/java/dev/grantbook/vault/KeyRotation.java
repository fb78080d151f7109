package dev.grantbook.vault;

import dev.grantbook.platform.Rounds;
import dev.grantbook.platform.Settings;
import dev.grantbook.platform.StartOrder;
import dev.grantbook.vault.RotationRefused.Reason;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Brings a new key into use and an old one out of it, without a stop. The order is what makes it safe:
 *
 * <ol>
 *   <li>the new key is <b>added</b>, and opens whatever it will seal;
 *   <li>once every running node has read it, it is <b>promoted</b>: from then on it seals;
 *   <li>in the background, {@link Resealing} seals again what the old key sealed;
 *   <li>once no value needs the old key, and no node seals with it, it is <b>dropped</b>.
 * </ol>
 *
 * <p>Each node tells now and then, in the database, which keys it knows. One that has been silent for a while is gone; when
 * it starts again, it reads the keyset anew.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.NOT_SUPPORTED)
public class KeyRotation {

    /** How often a node reads the keyset, and says what it knows. */
    static final Duration PAUSE = Duration.ofSeconds(20);

    /** A node that has been silent for so long does not run any more. */
    static final Duration SILENCE = Duration.ofMinutes(2);

    private final String node = UUID.randomUUID().toString();

    @Inject
    Vault vault;

    @Inject
    Resealing resealing;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Rounds rounds;

    @Resource(lookup = "java:app/jdbc/grantbook")
    @SuppressWarnings("NullAway.Init") // the server injects it
    DataSource dataSource;

    /** Where a key is in its life. */
    public enum Stage {
        /** It opens, and does not seal yet. */
        ADDED,
        /** It seals. */
        PRIMARY,
        /** It only opens what it sealed before. */
        OLD
    }

    /**
     * A key of the keyset.
     *
     * @param number Tink's own
     * @param values how many values it has sealed
     * @param nodes how many of the running nodes know it
     */
    public record Key(String number, Stage stage, long values, int nodes) {}

    /**
     * How things stand.
     *
     * @param nodes how many nodes run
     * @param ours whether we can change the keyset
     */
    public record State(List<Key> keys, int nodes, boolean ours) {

        /** All sealed values. */
        public long values() {
            return keys.stream().mapToLong(Key::values).sum();
        }

        /** Those that the primary key has sealed. */
        public long done() {
            return keys.stream()
                    .filter(key -> key.stage() == Stage.PRIMARY)
                    .mapToLong(Key::values)
                    .sum();
        }
    }

    private record Node(List<String> keys, String primary) {}

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        report();
        rounds.every(PAUSE, "key rotation", this::round);
        // By itself: a pass over a large table takes longer than a node may be silent.
        rounds.every(PAUSE, "re-sealing", resealing::pass);
    }

    /** One round of a node. It says what it knows, whether or not there was something new to read. */
    void round() {
        vault.readAgain();
        report();
    }

    public State state() {
        Map<String, Long> census = resealing.census();
        List<Node> nodes = nodes();
        Keyset keyset = vault.keyset();
        var keys = new ArrayList<Key>();
        for (String number : keyset.keys()) {
            int knowing = (int)
                    nodes.stream().filter(one -> one.keys().contains(number)).count();
            keys.add(new Key(number, stage(keyset, number), census.getOrDefault(number, 0L), knowing));
        }
        return new State(keys, nodes.size(), source().isOurs());
    }

    /**
     * Adds a new key.
     *
     * @return its number
     * @throws RotationRefused when the last rotation still goes on, or the keyset is not ours
     */
    public String add() {
        return alone(() -> {
            requireOurs();
            Keyset before = vault.keyset();
            if (before.keys().size() > 1) {
                throw new RotationRefused(Reason.GOES_ON);
            }
            Keyset after = before.withNewKey();
            write(after);
            return after.keys().get(after.keys().size() - 1);
        });
    }

    /**
     * Lets an added key seal.
     *
     * @throws RotationRefused when a running node does not know it yet
     */
    public void promote(String key) {
        alone(() -> {
            requireOurs();
            require(key, Stage.ADDED);
            if (!nodes().stream().allMatch(one -> one.keys().contains(key))) {
                throw new RotationRefused(Reason.NODES_BEHIND);
            }
            write(vault.keyset().withPrimary(key));
            return key;
        });
    }

    /**
     * Gives up an old key. Where the keyset is not ours, its operator takes the key out afterwards; until then every start
     * demands it.
     *
     * @throws RotationRefused when something sealed with it is left, or a node may still seal with it
     */
    public void drop(String key) {
        resealing.pass();
        alone(() -> {
            require(key, Stage.OLD);
            if (nodes().stream().anyMatch(one -> one.primary().equals(key))) {
                throw new RotationRefused(Reason.NODES_BEHIND);
            }
            if (resealing.needs(key)) {
                throw new RotationRefused(Reason.STILL_NEEDED);
            }
            // First: a start demands each key that has a check.
            update(
                    "DELETE FROM vault_check WHERE id = ?",
                    statement -> statement.setInt(1, Integer.parseUnsignedInt(key)));
            if (source().isOurs()) {
                write(vault.keyset().without(key));
            }
            return key;
        });
    }

    private void write(Keyset keyset) {
        source().write(keyset);
        vault.readAgain();
        report();
    }

    private KeysetSource source() {
        return new KeysetSource(settings);
    }

    private void requireOurs() {
        if (!source().isOurs()) {
            throw new RotationRefused(Reason.NOT_OURS);
        }
    }

    private void require(String key, Stage stage) {
        Keyset keyset = vault.keyset();
        if (!keyset.keys().contains(key) || stage(keyset, key) != stage) {
            throw new RotationRefused(Reason.WRONG_KEY);
        }
    }

    /** Added keys come last, so that the primary one parts the old from the new. */
    private static Stage stage(Keyset keyset, String key) {
        int behind = Integer.compare(keyset.keys().indexOf(key), keyset.keys().indexOf(keyset.primary()));
        return behind == 0 ? Stage.PRIMARY : behind > 0 ? Stage.ADDED : Stage.OLD;
    }

    /**
     * One step at a time over all nodes, each from the keyset as it is by then. A node that cannot read it takes none: it
     * would write over what another has written.
     */
    private String alone(Supplier<String> step) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (var lock = connection.prepareStatement("SELECT id FROM vault_rotation FOR UPDATE")) {
                lock.execute();
                vault.readNow();
                return step.get();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not let us at the keys", e);
        }
    }

    /** Says which keys this node knows, and forgets the nodes that no longer do. */
    void report() {
        Keyset keyset = vault.keyset();
        Instant now = clock.instant();
        update("DELETE FROM vault_node WHERE id = ? OR seen_at < ?", statement -> {
            statement.setString(1, node);
            statement.setObject(2, now.minus(SILENCE).atOffset(ZoneOffset.UTC));
        });
        update("INSERT INTO vault_node (id, keys_known, primary_key, seen_at) VALUES (?, ?, ?, ?)", statement -> {
            statement.setString(1, node);
            statement.setString(2, String.join(" ", keyset.keys()));
            statement.setString(3, keyset.primary());
            statement.setObject(4, now.atOffset(ZoneOffset.UTC));
        });
    }

    private List<Node> nodes() {
        String sql = "SELECT keys_known, primary_key FROM vault_node WHERE seen_at >= ?";
        try (Connection connection = dataSource.getConnection();
                var select = connection.prepareStatement(sql)) {
            select.setObject(1, clock.instant().minus(SILENCE).atOffset(ZoneOffset.UTC));
            var nodes = new ArrayList<Node>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    nodes.add(new Node(List.of(rows.getString(1).split(" ", -1)), rows.getString(2)));
                }
            }
            return nodes;
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say which nodes run", e);
        }
    }

    /** Fills in a statement's values. */
    private interface Values {
        void into(PreparedStatement statement) throws SQLException;
    }

    private void update(String sql, Values values) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            values.into(statement);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not take: " + sql, e);
        }
    }
}
