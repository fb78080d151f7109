package dev.grantbook.bench;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How long a contestant took to its first answer, and how much memory it had.
 *
 * @param starts the first on an empty database, the others on a filled one
 * @param ready MiB with the first answer
 * @param loaded MiB after some look-ups
 */
record Life(String who, List<Duration> starts, double ready, double loaded) {

    double first() {
        return seconds(starts.get(0));
    }

    /** The best of the later starts: whatever else the machine does makes them longer. */
    double again() {
        return seconds(starts.stream().skip(1).min(Comparator.naturalOrder()).orElseThrow());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
