package dev.grantbook.vault;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.vault.RotationRefused.RotationRefusal;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Rotates keys without downtime. A new key is <b>added</b>, and opens what it will seal. Once every running node has
 * read it, it is <b>promoted</b>, and seals. {@link Resealing} then seals again what the old key sealed. Once no value
 * needs the old key, and no node seals with it, it is <b>dropped</b>. Each node regularly records in the database which
 * keys it knows; a node that has been silent for a while is gone, and reads the keyset when it starts again.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.NOT_SUPPORTED)
public class KeyRotation {

    /** A node that is silent for longer no longer runs. */
    static final Duration SILENCE = Duration.ofMinutes(2);

    private final String node = UUID.randomUUID().toString();

    /** Host and process, for the operator. */
    private final String name = host() + "/" + ProcessHandle.current().pid();

    @Inject
    Vault vault;

    @Inject
    Resealing resealing;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Jobs jobs;

    @Resource(lookup = "java:app/jdbc/grantbook")
    DataSource dataSource;

    /** Stage of a key's life. */
    public enum Stage {
        /** Opens, and does not seal yet. */
        ADDED,
        /** Seals. */
        PRIMARY,
        /** Only opens what it sealed before. */
        OLD
    }

    /** A key by Tink's id, how many values it sealed, and the running nodes that do not know, or seal with, it yet. */
    public record KeyInfo(String number, Stage stage, long values, List<String> behind) {}

    /** State of the rotation over the running nodes; the keyset is ours if we may change it. */
    public record RotationState(List<KeyInfo> keys, List<Node> nodes, boolean ours) {

        public long values() {
            return keys.stream().mapToLong(KeyInfo::values).sum();
        }

        /** Values that the primary key has sealed. */
        public long done() {
            return keys.stream()
                    .filter(key -> key.stage() == Stage.PRIMARY)
                    .mapToLong(KeyInfo::values)
                    .sum();
        }
    }

    /** A running node: its primary key and since when it seals; why it cannot use the stored keyset, or null. */
    public record Node(
            String name,
            List<String> keys,
            String primary,
            Instant since,
            @Nullable String trouble) {

        private boolean isBehind(Keyset keyset) {
            return trouble != null || !primary.equals(keyset.primary()) || !keys.containsAll(keyset.keys());
        }
    }

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        // From now on the others wait for this node; it reads now what they did since it read the keyset.
        report();
        round();
        jobs.start(Job.KEY_ROTATION, this::round);
        // Apart: a pass over a large table takes longer than a node may be silent.
        jobs.start(Job.RESEALING, resealing::pass);
    }

    /** Reads the keyset and records which keys this node knows, even when nothing has changed. */
    void round() {
        vault.readAgain();
        report();
        Keyset keyset = vault.keyset();
        Meters.level(
                "keys.nodes.behind",
                nodes().stream().filter(one -> one.isBehind(keyset)).count());
    }

    public RotationState state() {
        Map<String, Long> census = resealing.census();
        List<Node> nodes = nodes();
        Keyset keyset = vault.keyset();
        var keys = new ArrayList<KeyInfo>();
        for (String number : keyset.keys()) {
            Stage stage = stage(keyset, number);
            List<String> behind = nodes.stream()
                    .filter(one -> !one.keys().contains(number)
                            || (stage == Stage.PRIMARY && !one.primary().equals(number)))
                    .map(Node::name)
                    .toList();
            keys.add(new KeyInfo(number, stage, census.getOrDefault(number, 0L), behind));
        }
        return new RotationState(keys, nodes, source().isOurs());
    }

    /**
     * Adds a new key and returns its number.
     *
     * @throws RotationRefused when the last rotation is unfinished, or the keyset is not ours
     */
    public String add() {
        return alone(() -> {
            requireOurs();
            Keyset before = vault.keyset();
            if (before.keys().size() > 1) {
                throw new RotationRefused(RotationRefusal.GOES_ON);
            }
            Keyset after = before.withNewKey();
            write(after);
            return after.keys().get(after.keys().size() - 1);
        });
    }

    /** @throws RotationRefused when a running node does not know the added key yet */
    public void promote(String key) {
        alone(() -> {
            requireOurs();
            require(key, Stage.ADDED);
            if (!nodes().stream().allMatch(one -> one.keys().contains(key))) {
                throw new RotationRefused(RotationRefusal.NODES_BEHIND);
            }
            write(vault.keyset().withPrimary(key));
            return key;
        });
    }

    /**
     * Drops an old key, or an added one that is not wanted after all. Where the keyset is not ours, its operator
     * removes the key afterwards; until then every start requires it.
     *
     * @throws RotationRefused when a value sealed with it is left, or a node may still seal with it: open transactions
     *     are not visible, so each node must have sealed with another key for a while
     */
    public void drop(String key) {
        resealing.pass();
        alone(() -> {
            require(key, Stage.OLD, Stage.ADDED);
            Instant settled = clock.instant().minus(Job.KEY_ROTATION.pace(settings));
            if (nodes().stream()
                    .anyMatch(one -> one.primary().equals(key) || one.since().isAfter(settled))) {
                throw new RotationRefused(RotationRefusal.NODES_BEHIND);
            }
            if (resealing.needs(key)) {
                throw new RotationRefused(RotationRefusal.STILL_NEEDED);
            }
            // First: a start requires each key that has a check.
            update("DELETE FROM vault_check WHERE id = ?", Integer.parseUnsignedInt(key));
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
        return new KeysetSource(settings.keyset());
    }

    private void requireOurs() {
        if (!source().isOurs()) {
            throw new RotationRefused(RotationRefusal.NOT_OURS);
        }
    }

    private void require(String key, Stage... stages) {
        Keyset keyset = vault.keyset();
        if (!keyset.keys().contains(key) || !List.of(stages).contains(stage(keyset, key))) {
            throw new RotationRefused(RotationRefusal.WRONG_KEY);
        }
    }

    /** Added keys come last, and old ones before the primary key. */
    private static Stage stage(Keyset keyset, String key) {
        int behind = Integer.compare(keyset.keys().indexOf(key), keyset.keys().indexOf(keyset.primary()));
        return behind == 0 ? Stage.PRIMARY : behind > 0 ? Stage.ADDED : Stage.OLD;
    }

    /** Runs one step at a time over all nodes, each on the newest keyset, so that none overwrites another's. */
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

    /**
     * Records which keys this node knows, in one row that is never missing, and deletes the rows of nodes that are
     * gone.
     */
    synchronized void report() {
        Keyset keyset = vault.keyset();
        String keys = String.join(" ", keyset.keys());
        String primary = keyset.primary();
        String trouble = vault.trouble();
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        String again = "UPDATE vault_node SET keys_known = ?, trouble = ?, seen_at = ?,"
                + " primary_since = CASE WHEN primary_key = ? THEN primary_since ELSE ? END, primary_key = ? WHERE id = ?";
        if (update(again, keys, trouble, now, primary, now, primary, node) == 0) {
            String first = "INSERT INTO vault_node (id, name, keys_known, trouble, seen_at, primary_since, primary_key)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";
            update(first, node, name, keys, trouble, now, now, primary);
        }
        update("DELETE FROM vault_node WHERE seen_at < ?", now.minus(SILENCE));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private List<Node> nodes() {
        String sql = "SELECT name, keys_known, primary_key, primary_since, trouble FROM vault_node WHERE seen_at >= ?"
                + " ORDER BY name, id";
        try (Connection connection = dataSource.getConnection();
                var select = connection.prepareStatement(sql)) {
            select.setObject(1, clock.instant().minus(SILENCE).atOffset(ZoneOffset.UTC));
            var nodes = new ArrayList<Node>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    nodes.add(new Node(
                            rows.getString(1),
                            List.of(rows.getString(2).split(" ", -1)),
                            rows.getString(3),
                            rows.getObject(4, OffsetDateTime.class).toInstant(),
                            rows.getString(5)));
                }
            }
            return nodes;
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say which nodes run", e);
        }
    }

    private int update(String sql, @Nullable Object... values) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int index = 0; index < values.length; index++) {
                statement.setObject(index + 1, values[index]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not take: " + sql, e);
        }
    }
}
