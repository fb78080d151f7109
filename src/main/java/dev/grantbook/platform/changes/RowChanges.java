package dev.grantbook.platform.changes;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.persistence.ConfiguredDataSource;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears from PostgreSQL which rows were changed, on whatever node. Triggers notify in the transaction that changes a
 * row (see {@code db/postgresql}), and PostgreSQL delivers in the order of commits.
 *
 * <p>A connection that hears nothing looks like one on which nothing happens. So this node notifies itself in each
 * beat: when its beat comes back, all that was committed before the beat was sent has been heard. A node whose last
 * beat is older than {@link #LONGEST_SILENCE} is deaf. It may be so because the database is away, because the network
 * is, or because a pooler stands between that does not pass notifications on.
 */
@ApplicationScoped
public class RowChanges {

    /** How old the last beat may be. */
    static final Duration LONGEST_SILENCE = Duration.ofMillis(800);

    private static final Logger LOG = Logger.getLogger(RowChanges.class.getName());

    private static final String CHANNEL = "grantbook_changes";

    private static final String BEAT = "beat";

    /** Milliseconds that a beat waits for changes before the next one begins. */
    private static final int PAUSE = 200;

    /**
     * Milliseconds after which a beat that does not come back is given up, and so is a database that does not answer.
     */
    private static final int PATIENCE = 2000;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    private final String node = UUID.randomUUID().toString();

    private final List<Consumer<RowChange>> listeners = new CopyOnWriteArrayList<>();

    private final List<Runnable> forgetters = new CopyOnWriteArrayList<>();

    private @Nullable Connection connection;

    private volatile boolean stopped;

    private long beats;

    /** {@link System#nanoTime} before the last beat that came back; the wall clock may be set back. */
    private volatile long heardAt;

    private volatile boolean hearing;

    private boolean reported;

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        if (settings.cachedBytes() > 0 && !settings.database().url().startsWith("jdbc:h2:")) {
            jobs.start(Job.ROW_CHANGES, this::hear);
        }
    }

    /**
     * Registers a listener.
     *
     * @param listener is called once for each change, in the order of commits
     * @param forgetter is called when changes may have been missed
     */
    void listen(Consumer<RowChange> listener, Runnable forgetter) {
        listeners.add(listener);
        forgetters.add(forgetter);
    }

    /** Whether each change that is older than {@link #LONGEST_SILENCE} was heard. */
    boolean isHearing() {
        return hearing && System.nanoTime() - heardAt < LONGEST_SILENCE.toNanos();
    }

    /** Sends a beat and hears what comes until its end. */
    void hear() {
        if (stopped) {
            return;
        }
        try {
            Connection open = connection == null ? connect() : connection;
            long before = System.nanoTime();
            // Numbered, since a late one says nothing of what came after it.
            String beat = node + "/" + ++beats;
            try (Statement statement = open.createStatement()) {
                statement.execute("NOTIFY " + CHANNEL + ", '" + BEAT + " " + beat + "'");
            }
            PGConnection channel = open.unwrap(PGConnection.class);
            boolean back = false;
            for (int left = PAUSE; left > 0 || (!back && left > -PATIENCE); left = PAUSE - millisSince(before)) {
                if (dispatch(channel.getNotifications(left > 0 ? left : 1), beat)) {
                    back = true;
                    heardAt = before;
                    hearing = true;
                    reported = false;
                }
            }
            if (!back && !reported) {
                reported = true;
                LOG.warning("changes of rows are not heard, so rows are read each time: notifications do not come"
                        + " through; a pooler between this node and PostgreSQL may drop them");
            }
        } catch (SQLException | RuntimeException e) {
            // A payload that a listener cannot read, too: with the next connection everything is forgotten.
            hearing = false;
            disconnect();
            FaultLog.write(LOG, Level.WARNING, "changes of rows are not heard, so rows are read each time", e);
        }
    }

    private static int millisSince(long nanos) {
        return (int) Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    /** @return whether the beat was among them */
    private boolean dispatch(PGNotification @Nullable [] notifications, String beat) {
        boolean back = false;
        if (notifications != null) {
            for (PGNotification notification : notifications) {
                var change = RowChange.parse(notification.getParameter());
                if (change.table().equals(BEAT)) {
                    back |= change.key().equals(beat);
                } else {
                    dispatch(change);
                }
            }
        }
        return back;
    }

    void dispatch(RowChange change) {
        listeners.forEach(listener -> listener.accept(change));
    }

    private Connection connect() throws SQLException {
        Connection open = ConfiguredDataSource.open(settings).getConnection();
        connection = open;
        open.setNetworkTimeout((Executor) Runnable::run, PATIENCE);
        try (Statement statement = open.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        }
        forgetters.forEach(Runnable::run);
        return open;
    }

    @PreDestroy
    void stop() {
        stopped = true;
        disconnect();
    }

    void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.log(Level.FINE, "a connection that hears changes could not be closed", e);
            }
        }
    }
}
