package dev.grantbook.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for what a server does by itself. */
public final class Patience {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Between two looks, so that the server has the processors for itself. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Patience() {}

    /** Looks again and again until it is as it should be. */
    public static <T> T until(Callable<T> look, Predicate<T> wanted) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        T seen = look.call();
        while (!wanted.test(seen)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still not as it should be: " + seen);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            seen = look.call();
        }
        return seen;
    }
}
