package dev.grantbook.platform.observability;

import dev.grantbook.platform.config.Producers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Logs what broke, in a log that stays readable while everything breaks. A database that is away is one line of each
 * kind in ten seconds, without a stack, however many requests fail; any other fault has its stack once a minute, and a
 * line in between.
 */
public final class FaultLog {

    private static final FaultLog OURS = new FaultLog(Producers.clock());

    private static final Duration OUTAGE = Duration.ofSeconds(10);
    private static final Duration STACK = Duration.ofMinutes(1);

    private static final int LONGEST = 300;

    private final Clock clock;

    /** As many kinds as there are callers and types of exceptions. */
    private final Map<String, FaultKind> kinds = new HashMap<>();

    /** The last line, and how many faults since then were not logged. */
    private record FaultKind(Instant since, int more) {}

    FaultLog(Clock clock) {
        this.clock = clock;
    }

    /** @param what went wrong, in the same words each time: without ids */
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
        return causes(failure)
                .anyMatch(cause -> cause instanceof SQLException refused
                        && (refused.getSQLState() == null ? isOfThePool(refused) : isOutage(refused.getSQLState())));
    }

    /** The failure, its cause, the cause's cause and so on; 50 at most, since causes can form a circle. */
    public static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(Optional.of(failure), Optional::isPresent, cause -> cause.map(Throwable::getCause))
                .limit(50)
                .flatMap(Optional::stream);
    }

    /**
     * Classes 08 (connection), 53 (resources) and 57P (shutdown, start) of the standard and PostgreSQL, and H2's codes.
     */
    private static boolean isOutage(String state) {
        return state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.equals("90067")
                || state.equals("90098")
                || state.equals("90121");
    }

    /** Payara's pool reports a failure of the driver in words alone. */
    private static boolean isOfThePool(SQLException refused) {
        return String.valueOf(refused.getMessage()).contains("allocating a connection");
    }

    private static Throwable root(Throwable failure) {
        return causes(failure).reduce((effect, cause) -> cause).orElse(failure);
    }

    /** Puts a message on one line and cuts it: EclipseLink's messages have many lines. */
    private static String line(Throwable failure) {
        String line = String.valueOf(failure.getMessage())
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
