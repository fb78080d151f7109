package dev.grantbook.platform.persistence;

import dev.grantbook.platform.observability.FaultLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Waits, with growing pauses, for a database that starts later than this node or is away for a moment. */
final class DatabaseWait {

    private static final Logger LOG = Logger.getLogger(DatabaseWait.class.getName());

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Clock clock;
    private final WaitPause pauses;

    interface WaitPause {
        void take(Duration pause) throws InterruptedException;
    }

    interface Opening {
        Connection open() throws SQLException;
    }

    DatabaseWait(Clock clock, WaitPause pauses) {
        this.clock = clock;
        this.pauses = pauses;
    }

    /**
     * @throws SQLException when the patience is over, or the database refuses us: waiting does not cure a wrong
     *     password
     */
    Connection first(Opening opening, Duration patience) throws SQLException {
        Instant end = clock.instant().plus(patience);
        Duration pause = SHORTEST_PAUSE;
        while (true) {
            try {
                return opening.open();
            } catch (SQLException e) {
                if (!FaultLog.isOutage(e) || !clock.instant().isBefore(end)) {
                    throw e;
                }
                LOG.log(Level.WARNING, "the database does not answer yet, and is asked until {0}: {1}", new Object[] {
                    end, e.getMessage()
                });
            }
            rest(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void rest(Duration pause) throws SQLException {
        try {
            pauses.take(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the database", "08001", e);
        }
    }
}
