package dev.grantbook.apikey;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the requests of each API key in its current minute, on this node. */
@ApplicationScoped
public class RateLimits {

    static final Duration WINDOW = Duration.ofMinutes(1);

    @Inject
    Clock clock;

    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    private record Window(Instant end, int used) {}

    /** A key after one more request: how many remain in the minute, and how many seconds remain of it, rounded up. */
    record Standing(int limit, boolean allowed, int remaining, long seconds) {}

    /** Keeps one window for each key used: few, since only valid keys come this far. */
    Standing take(String key, int limit) {
        Instant now = clock.instant();
        Window window = windows.compute(
                key,
                (name, before) -> before == null || !before.end.isAfter(now)
                        ? new Window(now.plus(WINDOW), 1)
                        : new Window(before.end, Math.min(before.used + 1, limit + 1)));
        return new Standing(
                limit,
                window.used <= limit,
                Math.max(0, limit - window.used),
                Duration.between(now, window.end).plusMillis(999).toSeconds());
    }
}
