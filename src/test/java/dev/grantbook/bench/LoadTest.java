package dev.grantbook.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void percentilesAreTheNearestRank() {
        var load = new Load(millis(LongStream.iterate(100, n -> n - 1).limit(100)), Duration.ofSeconds(1));

        assertThat(load.millis(0.5)).isEqualTo(50);
        assertThat(load.millis(0.95)).isEqualTo(95);
        assertThat(load.millis(0.99)).isEqualTo(99);
        assertThat(load.millis(1)).isEqualTo(100);
        assertThat(load.millis(0)).isEqualTo(1);
    }

    @Test
    void oneOperationIsEveryPercentile() {
        var load = new Load(millis(LongStream.of(7)), Duration.ofSeconds(1));

        assertThat(load.millis(0.5)).isEqualTo(7);
        assertThat(load.millis(0.99)).isEqualTo(7);
    }

    @Test
    void ratesAreOperationsBySeconds() {
        assertThat(new Load(new long[30], Duration.ofMillis(1500)).perSecond()).isEqualTo(20);
    }

    @Test
    void eachCallerCounts() throws Exception {
        var ran = new AtomicInteger();

        var load = Load.of(client -> ran.incrementAndGet(), 4, Duration.ofMillis(1));

        assertThat(load.count()).isEqualTo(ran.get()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void operationsRunAsOftenAsAsked() throws Exception {
        assertThat(Load.times(client -> {}, 4, 10).count()).isEqualTo(10);
    }

    @Test
    void wrongAnswersBreakItOff() {
        assertThatThrownBy(() -> Load.of(
                        client -> {
                            throw new IOException("wrong");
                        },
                        2,
                        Duration.ofMinutes(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wrong");
    }

    private static long[] millis(LongStream times) {
        return times.map(time -> time * 1_000_000).toArray();
    }
}
