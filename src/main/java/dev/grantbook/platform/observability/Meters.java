package dev.grantbook.platform.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Counts and times what happens. Usable anywhere, like a logger, and almost free while no registry is open. A tag has
 * one of few values known beforehand (a connector, a provider, an outcome, a scope that we asked for); never a subject,
 * an account, an address, a text from outside, or a secret.
 */
public final class Meters {

    private static final String PREFIX = "grantbook.";

    private static final Duration[] STEPS = LongStream.of(50, 100, 250, 500, 1000, 2000, 5000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** Help texts, for readers without our documentation. */
    private static final Map<String, String> DESCRIPTIONS = Map.ofEntries(
            Map.entry("attempts", "Attempts that ended"),
            Map.entry("attempts.started", "Attempts that began"),
            Map.entry("shortfalls", "Scopes that a user who granted something left out"),
            Map.entry("token.calls", "Calls of token endpoints"),
            Map.entry("refreshes", "Tries to get another token"),
            Map.entry("leases.lost", "Refreshes that took so long that another node or attempt was faster"),
            Map.entry("probes", "Tokens that were shown to their provider"),
            Map.entry("revocations", "Tokens that a provider was to forget"),
            Map.entry("grant.events", "Lines of grants' histories"),
            Map.entry("deliveries", "Tries to bring a message to a bot"),
            Map.entry("proxied", "Calls through the proxy"),
            Map.entry("signatures", "Calls that were signed for bots"),
            Map.entry("imports", "Imported items that came to their end"),
            Map.entry("deliveries.kept", "Messages to bots that there are"),
            Map.entry(
                    "deliveries.longest.wait.seconds",
                    "For how long one of the messages to bots has been waiting at most"),
            Map.entry("revocations.waiting", "Ends of tokens that providers have still to be told of"),
            Map.entry(
                    "revocations.longest.wait.seconds",
                    "For how long one of the ends of tokens has been waiting at most"),
            Map.entry("keys.values.left", "Sealed values that still need an old key"),
            Map.entry("keys.nodes.behind", "Running nodes that do not have the keyset of this node"));

    /** Found by name and tags: a registry would build each again to find it. */
    private static final Map<List<String>, Counter> COUNTERS = new ConcurrentHashMap<>();

    private static final Map<List<String>, Timer> TIMERS = new ConcurrentHashMap<>();

    /** Held here: a registry holds the objects of its gauges weakly. */
    private static final Map<String, AtomicLong> LEVELS = new ConcurrentHashMap<>();

    private Meters() {}

    /** Counts one more; tags are names and values in turn, with the same names each time. */
    public static void count(String name, String... tags) {
        COUNTERS.computeIfAbsent(
                        key(name, tags),
                        unknown -> Counter.builder(PREFIX + name)
                                .description(description(name))
                                .tags(tags)
                                .register(Metrics.globalRegistry))
                .increment();
    }

    /** Reports a level that is determined at each read. */
    public static void gauge(String name, Supplier<Number> value, String... tags) {
        Gauge.builder(PREFIX + name, value)
                .description(description(name))
                .tags(tags)
                .register(Metrics.globalRegistry);
    }

    /** Sets a level. */
    public static void level(String name, long value) {
        LEVELS.computeIfAbsent(name, unknown -> {
                    var held = new AtomicLong();
                    gauge(name, held::get);
                    return held;
                })
                .set(value);
    }

    /** Times work, with the tag {@code failed}. */
    public static <T> T time(String name, Supplier<T> work, String... tags) {
        long start = System.nanoTime();
        boolean failed = true;
        try {
            T result = work.get();
            failed = false;
            return result;
        } finally {
            timer(name, failed, tags).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private static Timer timer(String name, boolean failed, String... tags) {
        String[] all = Arrays.copyOf(tags, tags.length + 2);
        all[tags.length] = "failed";
        all[tags.length + 1] = String.valueOf(failed);
        return TIMERS.computeIfAbsent(
                key(name, all),
                unknown -> Timer.builder(PREFIX + name)
                        .description(description(name))
                        .tags(all)
                        .serviceLevelObjectives(STEPS)
                        .register(Metrics.globalRegistry));
    }

    private static List<String> key(String name, String... tags) {
        var key = new ArrayList<String>(tags.length + 1);
        key.add(name);
        key.addAll(Arrays.asList(tags));
        return key;
    }

    /** Never empty: some parsers of Prometheus' format refuse {@code # HELP} without a text. */
    static String description(String name) {
        return DESCRIPTIONS.getOrDefault(name, PREFIX + name);
    }
}
