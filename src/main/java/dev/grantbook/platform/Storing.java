package dev.grantbook.platform;

import jakarta.persistence.PersistenceException;
import jakarta.transaction.TransactionalException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Writing down what cannot be got a second time: a clash with another call, or a moment without a database, must not lose it. */
public final class Storing {

    private static final Logger LOG = Logger.getLogger(Storing.class.getName());

    private static final int TRIES = 5;

    /** Milliseconds before the second try; doubled before each other one. */
    private static final long PAUSE = 50;

    private Storing() {}

    /**
     * Does the work, a few times if need be.
     *
     * @param work in a transaction of its own each time
     * @throws PersistenceException or {@link TransactionalException}, as the last try ended
     */
    public static <T> T again(Supplier<T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return work.get();
            } catch (PersistenceException | TransactionalException e) {
                if (tries == TRIES || !slept(PAUSE << (tries - 1))) {
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
