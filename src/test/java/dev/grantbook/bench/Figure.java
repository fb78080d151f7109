package dev.grantbook.bench;

import java.util.function.ToDoubleFunction;

/** What is read off each round. */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
enum Figure {
    RATE("per second", 0, round -> round.load().perSecond()),
    P50("p50 ms", 1, round -> round.load().millis(0.5)),
    P95("p95 ms", 1, round -> round.load().millis(0.95)),
    P99("p99 ms", 1, round -> round.load().millis(0.99)),
    CPU("CPU ms each", 2, round -> round.each(round.usage().cpuMillis())),
    STATEMENTS("SQL each", 2, round -> round.each(round.usage().statements())),
    /** The part of all look-ups that read no row. */
    FROM_MEMORY("from memory", 2, round -> 1 - round.each(round.usage().reads())),
    LOG_LINES("log lines each", 2, round -> round.each(round.usage().logLines())),
    MEMORY("MiB", 0, round -> round.usage().mebibytes());

    final String title;
    private final int decimals;
    private final ToDoubleFunction<Round> reading;

    Figure(String title, int decimals, ToDoubleFunction<Round> reading) {
        this.title = title;
        this.decimals = decimals;
        this.reading = reading;
    }

    double of(Round round) {
        return reading.applyAsDouble(round);
    }

    String text(double value) {
        return Table.number(value, decimals);
    }
}
