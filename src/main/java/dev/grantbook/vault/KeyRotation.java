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
import java.sql.PreparedStatement;
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
 * Brings a new key into use and an old one out of it, without a stop. The order is what makes it safe:
 *
 * <ol>
 *   <li>the new key is <b>added</b>, and opens whatever it will seal;
 *   <li>once every running node has read it, it is <b>promoted</b>: from then on it seals;
 *   <li>in the background, {@link Resealing} seals again what the old key sealed;
 *   <li>once no value needs the old key, and no node seals with it, it is <b>dropped</b>.
 * </ol>
 *
 * <p>Each node tells now and then, in the database, which keys it knows. One that has been silent for a while is gone;
 * when it starts again, it reads the keyset anew.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.NOT_SUPPORTED)
public class KeyRotation {

    /** A node that has been silent for so long does not run any more. */
    static final Duration SILENCE = Duration.ofMinutes(2);

    private final String node = UUID.randomUUID().toString();

    /** What an operator finds it by. */
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
     * @param behind the names of the running nodes that do not know it, or do not seal with it though it is the primary
     *     one
     */
    public record KeyInfo(String number, Stage stage, long values, List<String> behind) {}

    /**
     * How things stand.
     *
     * @param nodes those that run
     * @param ours whether we can change the keyset
     */
    public record RotationState(List<KeyInfo> keys, List<Node> nodes, boolean ours) {

        /** All sealed values. */
        public long values() {
            return keys.stream().mapToLong(KeyInfo::values).sum();
        }

        /** Those that the primary key has sealed. */
        public long done() {
            return keys.stream()
                    .filter(key -> key.stage() == Stage.PRIMARY)
                    .mapToLong(KeyInfo::values)
                    .sum();
        }
    }

    /**
     * What a node says of itself.
     *
     * @param since when it began to seal with its primary key
     * @param trouble why it cannot take the keyset as it is kept; null when it has
     */
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
        // From here on the others wait for this node; what they did since it read the keyset, it reads now.
        report();
        round();
        jobs.start(Job.KEY_ROTATION, this::round);
        // By itself: a pass over a large table takes longer than a node may be silent.
        jobs.start(Job.RESEALING, resealing::pass);
    }

    /** One round of a node. It says what it knows, whether or not there was something new to read. */
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
                throw new RotationRefused(RotationRefusal.GOES_ON);
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
                throw new RotationRefused(RotationRefusal.NODES_BEHIND);
            }
            write(vault.keyset().withPrimary(key));
            return key;
        });
    }

    /**
     * Gives up an old key, or one that was added and is not wanted after all. Where the keyset is not ours, its
     * operator takes the key out afterwards; until then every start demands it.
     *
     * @throws RotationRefused when something sealed with it is left, or a node may still seal with it: what a
     *     transaction holds that is not through yet, nobody sees, so each node has to have sealed with another key for
     *     a while
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

    /** Added keys come last, so that the primary one parts the old from the new. */
    private static Stage stage(Keyset keyset, String key) {
        int behind = Integer.compare(keyset.keys().indexOf(key), keyset.keys().indexOf(keyset.primary()));
        return behind == 0 ? Stage.PRIMARY : behind > 0 ? Stage.ADDED : Stage.OLD;
    }

    /**
     * One step at a time over all nodes, each from the keyset as it is by then. A node that cannot read it takes none:
     * it would write over what another has written.
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

    /**
     * Says which keys this node knows, without a moment in which it is unknown, and forgets the nodes that are gone.
     */
    synchronized void report() {
        Keyset keyset = vault.keyset();
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        String again = "UPDATE vault_node SET keys_known = ?, trouble = ?, seen_at = ?,"
                + " primary_since = CASE WHEN primary_key = ? THEN primary_since ELSE ? END, primary_key = ? WHERE id = ?";
        int known = update(again, statement -> {
            statement.setString(1, String.join(" ", keyset.keys()));
            statement.setString(2, vault.trouble());
            statement.setObject(3, now);
            statement.setString(4, keyset.primary());
            statement.setObject(5, now);
            statement.setString(6, keyset.primary());
            statement.setString(7, node);
        });
        if (known == 0) {
            String first = "INSERT INTO vault_node (id, name, keys_known, trouble, seen_at, primary_since, primary_key)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";
            update(first, statement -> {
                statement.setString(1, node);
                statement.setString(2, name);
                statement.setString(3, String.join(" ", keyset.keys()));
                statement.setString(4, vault.trouble());
                statement.setObject(5, now);
                statement.setObject(6, now);
                statement.setString(7, keyset.primary());
            });
        }
        update("DELETE FROM vault_node WHERE seen_at < ?", statement -> statement.setObject(1, now.minus(SILENCE)));
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

    /** Fills in a statement's values. */
    private interface Values {
        void into(PreparedStatement statement) throws SQLException;
    }

    private int update(String sql, Values values) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            values.into(statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not take: " + sql, e);
        }
    }
}
