package dev.grantbook.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What servers said about themselves, each answer kept for an hour, and asked for again out of turn once a minute at most:
 * whoever sends us nonsense must not make us ask without end. A failure is not remembered. Every node has its own memory,
 * since nothing in it is more than a copy.
 */
final class TimedCache<V> {

    static final Duration AGE = Duration.ofHours(1);
    static final Duration PAUSE = Duration.ofMinutes(1);

    private final Map<String, Cached<V>> answers = new ConcurrentHashMap<>();
    private final Map<String, Instant> askedOutOfTurn = new ConcurrentHashMap<>();

    private record Cached<V>(V value, Instant read) {}

    V get(String key, Clock clock, Function<String, V> ask) {
        Cached<V> known = answers.get(key);
        if (known != null && known.read.plus(AGE).isAfter(clock.instant())) {
            return known.value;
        }
        return ask(key, clock, ask);
    }

    /** The answer of right now; null when it was asked for out of turn a moment ago. */
    @Nullable
    V again(String key, Clock clock, Function<String, V> ask) {
        Instant now = clock.instant();
        Instant last = askedOutOfTurn.get(key);
        if (last != null && last.plus(PAUSE).isAfter(now)) {
            return null;
        }
        askedOutOfTurn.put(key, now);
        return ask(key, clock, ask);
    }

    /** What is known is asked for anew the next time, unless it is younger than a minute. */
    void forget(String key, Clock clock) {
        answers.computeIfPresent(key, (same, known) -> known.read.plus(PAUSE).isAfter(clock.instant()) ? known : null);
    }

    private V ask(String key, Clock clock, Function<String, V> ask) {
        V value = ask.apply(key);
        answers.put(key, new Cached<>(value, clock.instant()));
        return value;
    }
}
