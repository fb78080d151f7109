package dev.grantbook.platform.observability;

import dev.grantbook.platform.config.Producers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes down what broke, in a log that stays readable while everything breaks. That the database is away is one line
 * of each kind in ten seconds, without a stack, however many requests fail; any other fault has its stack once a
 * minute, and a line in between.
 */
public final class FaultLog {

    private static final FaultLog OURS = new FaultLog(Producers.clock());

    private static final Duration OUTAGE = Duration.ofSeconds(10);
    private static final Duration STACK = Duration.ofMinutes(1);

    private static final int LONGEST = 300;

    private final Clock clock;

    /** By kind: there are as many as there are places that call this, and types of exceptions. */
    private final Map<String, FaultKind> kinds = new HashMap<>();

    /**
     * @param since when the last line was written
     * @param more how many were not, since then
     */
    private record FaultKind(Instant since, int more) {}

    FaultLog(Clock clock) {
        this.clock = clock;
    }

    /** @param what went wrong, in words that are the same each time: without ids */
    public static void write(Logger log, Level level, String what, Throwable failure) {
        OURS.add(log, level, what, failure);
    }

    void add(Logger log, Level level, String what, Throwable failure) {
        boolean outage = isOutage(failure);
        Throwable root = root(failure);
        String kind = log.getName() + "|" + what + "|"
                + (outage ? "" : root.getClass().getName());
        Instant now = clock.instant();
        Duration pause = outage ? OUTAGE : STACK;
        FaultKind before;
        boolean first;
        synchronized (kinds) {
            before = kinds.get(kind);
            first = before == null || !before.since.plus(pause).isAfter(now);
            kinds.put(
                    kind,
                    before == null || first ? new FaultKind(now, 0) : new FaultKind(before.since, before.more + 1));
        }
        String more =
                before == null || before.more == 0 ? "" : " (" + before.more + " more since " + before.since + ")";
        if (outage) {
            if (first) {
                log.log(level, "{0}: the database does not answer: {1}{2}", new Object[] {what, line(root), more});
            }
        } else if (first) {
            log.log(level, failure, () -> what + more);
        } else {
            log.log(level, "{0}, as before: {1}: {2}", new Object[] {
                what, root.getClass().getName(), line(root)
            });
        }
    }

    /** Whether the database cannot be reached, as against a statement that it refused. */
    public static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused) {
                String state = refused.getSQLState();
                if (state == null ? isOfThePool(refused) : isOutage(state)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Classes 08 (connection), 53 (resources) and 57P (shutting down, starting up) of the standard and PostgreSQL; H2's
     * own.
     */
    private static boolean isOutage(String state) {
        return state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.equals("90067")
                || state.equals("90098")
                || state.equals("90121");
    }

    /** Payara's pool tells a failure of the driver in words alone. */
    private static boolean isOfThePool(SQLException refused) {
        return String.valueOf(refused.getMessage()).contains("allocating a connection");
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /** The first lines of EclipseLink's messages are a heading each; a database's own are short. */
    private static String line(Throwable failure) {
        String line = String.valueOf(failure.getMessage())
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
