package dev.grantbook.platform.persistence;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writing down what cannot be got a second time: a clash with another call, or a moment without a database, must not
 * lose it.
 */
public final class OptimisticRetry {

    private static final Logger LOG = Logger.getLogger(OptimisticRetry.class.getName());

    private static final int TRIES = 8;

    /**
     * Milliseconds before the second try; doubled before each other one, so that a database may take six seconds to
     * come back.
     */
    public static final long PAUSE = 50;

    /** Tests make it shorter. */
    public static volatile long pause = PAUSE;

    private OptimisticRetry() {}

    /**
     * Does the work, a few times if need be. What only the operator or the caller can put right is told at once.
     *
     * @param work in a transaction of its own each time
     * @throws RuntimeException as the last try ended: databases, and what seals for them, fail by exceptions of any
     *     type
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

    /** The same, of what gives nothing back. */
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
