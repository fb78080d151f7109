package dev.grantbook.platform.jobs;

import java.time.Duration;
import java.util.Optional;

/** Pauses as long as the work has been waiting, from the shortest to an hour, until the patience is over. */
public record Backoff(Duration shortest, Duration patience) {

    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Returns the pause until the next try; empty when the patience is over.
     *
     * @param wanted pause that the peer asked for
     * @param chance from 0 to 1: spreads pauses by a fifth either way, so that work that failed together does not
     *     return together
     */
    public Optional<Duration> pause(Duration waited, Duration wanted, double chance) {
        if (waited.compareTo(patience) >= 0) {
            return Optional.empty();
        }
        Duration usual = longer(waited, shortest);
        Duration spread = Duration.ofMillis(Math.round(usual.toMillis() * (0.8 + 0.4 * chance)));
        Duration pause = longer(spread, wanted);
        return Optional.of(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
