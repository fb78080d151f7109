package dev.grantbook.platform.persistence;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Stores what cannot be obtained again in spite of conflicts and moments without a database. */
public final class OptimisticRetry {

    private static final Logger LOG = Logger.getLogger(OptimisticRetry.class.getName());

    private static final int TRIES = 8;

    /** Milliseconds before the second try; doubled before each further one, up to six seconds in all. */
    public static final long PAUSE = 50;

    /** Tests shorten it. */
    public static volatile long pause = PAUSE;

    private OptimisticRetry() {}

    /**
     * Runs the work, in a new transaction each time, until it succeeds or the operator or the caller must act.
     *
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
