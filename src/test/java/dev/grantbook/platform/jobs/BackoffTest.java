package dev.grantbook.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(30), Duration.ofDays(1));

    @ParameterizedTest(name = "after {0}, asked for {1}: {2}")
    @CsvSource({
        "PT0S, PT0S, PT30S",
        "PT30S, PT0S, PT30S",
        "PT5M, PT0S, PT5M",
        "PT5M, PT10M, PT10M",
        "PT5M, PT1M, PT5M",
        "PT7H, PT0S, PT1H",
        "PT0S, PT7H, PT1H",
        "PT23H59M59S, PT0S, PT1H"
    })
    void pausesGrowWithTheAgeUpToAnHour(Duration waited, Duration wanted, Duration pause) {
        assertThat(BACKOFF.pause(waited, wanted, 0.5)).contains(pause);
    }

    @ParameterizedTest
    @CsvSource({"PT24H", "PT48H"})
    void patienceEnds(Duration waited) {
        assertThat(BACKOFF.pause(waited, Duration.ZERO, 0.5)).isEmpty();
    }

    @Property
    void chanceSpreadsByAFifth(
            @ForAll @IntRange(min = 30, max = 3000) int seconds, @ForAll @DoubleRange(max = 1) double chance) {
        Duration waited = Duration.ofSeconds(seconds);

        assertThat(BACKOFF.pause(waited, Duration.ZERO, chance).orElseThrow())
                .isBetween(
                        waited.multipliedBy(4).dividedBy(5),
                        waited.multipliedBy(6).dividedBy(5));
    }
}
