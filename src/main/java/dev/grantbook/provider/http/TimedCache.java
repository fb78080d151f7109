package dev.grantbook.provider.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Values that are fetched on demand and kept for an hour; failures are not kept. */
public final class TimedCache<V> {

    public static final Duration AGE = Duration.ofHours(1);
    public static final Duration PAUSE = Duration.ofMinutes(1);

    private final Map<String, Cached<V>> answers = new ConcurrentHashMap<>();

    private record Cached<V>(V value, Instant read) {}

    public V get(String key, Clock clock, Function<String, V> ask) {
        Cached<V> known = answers.get(key);
        if (known != null && known.read.plus(AGE).isAfter(clock.instant())) {
            return known.value;
        }
        V value = ask.apply(key);
        answers.put(key, new Cached<>(value, clock.instant()));
        return value;
    }

    /** Forgets a value, unless it is younger than a minute. */
    public void forget(String key, Clock clock) {
        answers.computeIfPresent(key, (same, known) -> known.read.plus(PAUSE).isAfter(clock.instant()) ? known : null);
    }
}
