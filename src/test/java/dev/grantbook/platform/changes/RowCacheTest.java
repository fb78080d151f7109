package dev.grantbook.platform.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.it.PostgreSql;
import dev.grantbook.testing.Configuration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Memory of rows, with a PostgreSQL that notifies of changes. */
class RowCacheTest {

    /** Far longer than anything here takes, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final RowChanges changes = new RowChanges();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread ears = new Thread(this::hear);

    private PostgreSql.Database database;
    private RowCache<String, String> cache;

    @BeforeEach
    void setUp() throws Exception {
        database = PostgreSql.fresh();
        configuration
                .with("grantbook.database.url", database.url())
                .with("grantbook.database.user", database.user())
                .with("grantbook.database.password", database.password());
        changes.settings = configuration.settings();
        cache = new RowCache<>(changes, "letter", RowCacheTest::keyOf, 100, (key, value) -> 1);
    }

    private static @Nullable String keyOf(String key) {
        if (key.equals("unreadable")) {
            throw new IllegalArgumentException("as the test wants");
        }
        return key.equals("*") ? null : key;
    }

    @AfterEach
    void stop() throws InterruptedException {
        stopped.set(true);
        ears.join();
        changes.stop();
    }

    private void hear() {
        while (!stopped.get()) {
            changes.hear();
        }
    }

    private void startHearing() {
        ears.start();
        await(changes::isHearing);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private int read() {
        cache.get("a", key -> "row " + reads.incrementAndGet());
        return reads.get();
    }

    /**
     * Asks until the row was read again: an entry lives only while the node hears, which a busy machine may interrupt.
     */
    private void awaitAnotherRead() {
        int before = reads.get();
        await(() -> read() > before);
    }

    private void notifyOf(String payload) throws SQLException {
        execute("SELECT pg_notify('grantbook_changes', '" + payload + "')");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void eachLookUpReadsWhileNothingIsHeard() {
        assertThat(changes.isHearing()).isFalse();
        assertThat(read()).isEqualTo(1);
        assertThat(read()).isEqualTo(2);
    }

    @Test
    void aRowIsReadOnceUntilItChanges() throws Exception {
        startHearing();
        read();
        await(() -> {
            int before = reads.get();
            return read() == before;
        });

        notifyOf("letter a");
        awaitAnotherRead();
        notifyOf("letter *");
        awaitAnotherRead();
    }

    @Test
    void whatAnotherRowOrTableSaysChangesNothing() {
        startHearing();
        changes.dispatch(new RowChange("letter", "b"));
        changes.dispatch(new RowChange("number", "a"));
        await(() -> {
            int before = reads.get();
            read();
            changes.dispatch(new RowChange("letter", "b"));
            changes.dispatch(new RowChange("number", "a"));
            return read() == before;
        });
    }

    @Test
    void whatWasReadBeforeAChangeIsNotKept() {
        startHearing();
        await(() -> {
            cache.forget("a");
            String seen = cache.get("a", key -> {
                changes.dispatch(new RowChange("letter", "a"));
                return "old";
            });
            assertThat(seen).isEqualTo("old");
            return "new".equals(cache.get("a", key -> "new")) && changes.isHearing();
        });
    }

    @Test
    void aNodeWhoseConnectionDiesReadsUntilItHearsAgain() throws Exception {
        startHearing();
        read();

        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'NOTIFY grantbook%'"
                + " AND pid <> pg_backend_pid()");
        awaitAnotherRead();
        await(changes::isHearing);
    }

    @Test
    void aChangeThatCannotBeReadForgetsEverything() throws Exception {
        startHearing();
        read();

        notifyOf("letter unreadable");
        awaitAnotherRead();
        await(changes::isHearing);
    }

    @Test
    void aNodeThatHearsNothingForLongIsDeaf() throws Exception {
        startHearing();
        stopped.set(true);
        ears.join();

        await(() -> !changes.isHearing());
        read();
        int before = reads.get();
        assertThat(read()).isEqualTo(before + 1);
    }
}
