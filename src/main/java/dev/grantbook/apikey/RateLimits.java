package dev.grantbook.apikey;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How much of its minute each API key has used up, on this node. */
@ApplicationScoped
public class RateLimits {

    static final Duration WINDOW = Duration.ofMinutes(1);

    @Inject
    Clock clock;

    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    private record Window(Instant end, int used) {}

    /**
     * Where a key stands after one more request.
     *
     * @param remaining how many are left until the minute is over
     * @param seconds how long that is, begun ones counted
     */
    record Standing(int limit, boolean allowed, int remaining, long seconds) {}

    /** There are as many windows as keys were used: few, since only valid keys come this far. */
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
