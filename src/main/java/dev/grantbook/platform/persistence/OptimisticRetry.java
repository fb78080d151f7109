package dev.grantbook.platform.persistence;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Retries the storing of what cannot be obtained a second time: a conflict with another call, or a moment without a
 * database, must not lose it.
 */
public final class OptimisticRetry {

    private static final Logger LOG = Logger.getLogger(OptimisticRetry.class.getName());

    private static final int TRIES = 8;

    /**
     * Milliseconds before the second try; doubled before each further one, so that a database may be away for six
     * seconds.
     */
    public static final long PAUSE = 50;

    /** Tests shorten it. */
    public static volatile long pause = PAUSE;

    private OptimisticRetry() {}

    /**
     * Runs the work until it succeeds, eight times at most. What only the operator or the caller can correct is thrown
     * at once.
     *
     * @param work in a new transaction each time
     * @throws RuntimeException of the last try: databases, and what seals for them, throw many types
     */
    public static <T> T again(Supplier<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return work.get();
            } catch (ConfigurationException | ProblemException e) {
                throw e;
            } catch (RuntimeException e) {
                if (tries == TRIES || !slept(pause << (tries - 1))) {
                    throw e;
                }
                LOG.log(Level.FINE, "storing again", e);
            }
        }
    }

    public static void again(Runnable work) {
        again(() -> {
            work.run();
            return true;
        });
    }

    private static boolean slept(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
