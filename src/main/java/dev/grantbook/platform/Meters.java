package dev.grantbook.platform;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What happens is counted and timed here. Like a logger it can be used anywhere without being handed over, and costs nothing
 * while nobody reads. A tag is one of few values that are known beforehand (a connector, a provider, an outcome, a scope
 * that we asked for); never a subject, an account, an address, a text from outside, or a secret.
 */
public final class Meters {

    private static final String PREFIX = "grantbook.";

    private static final Duration[] STEPS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    /** Held here: a registry lets go of what nobody else holds. */
    private static final Map<String, AtomicLong> LEVELS = new ConcurrentHashMap<>();

    private Meters() {}

    /**
     * One more of its kind.
     *
     * @param tags names and values in turn; the same names each time
     */
    public static void count(String name, String... tags) {
        Metrics.counter(PREFIX + name, tags).increment();
    }

    /**
     * How much there is, looked up whenever somebody reads.
     *
     * @param tags names and values in turn
     */
    public static void gauge(String name, Supplier<Number> value, String... tags) {
        Gauge.builder(PREFIX + name, value).tags(tags).register(Metrics.globalRegistry);
    }

    /** How much of something there is at the moment. */
    public static void level(String name, long value) {
        LEVELS.computeIfAbsent(PREFIX + name, full -> Objects.requireNonNull(Metrics.gauge(full, new AtomicLong())))
                .set(value);
    }

    /** Does some work, and keeps how long it took and whether it failed (the tag {@code failed}). */
    public static <T> T timed(String name, Supplier<T> work, String... tags) {
        long start = System.nanoTime();
        boolean failed = true;
        try {
            T result = work.get();
            failed = false;
            return result;
        } finally {
            Timer.builder(PREFIX + name)
                    .tags(tags)
                    .tag("failed", String.valueOf(failed))
                    .serviceLevelObjectives(STEPS)
                    .register(Metrics.globalRegistry)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }
}
