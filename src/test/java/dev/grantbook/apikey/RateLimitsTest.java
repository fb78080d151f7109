package dev.grantbook.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.apikey.RateLimits.Standing;
import dev.grantbook.testing.TestClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private final TestClock clock = new TestClock();
    private final RateLimits limits = new RateLimits();

    @BeforeEach
    void setUp() {
        limits.clock = clock;
    }

    @Test
    void tellsWhatIsLeftOfTheMinute() {
        assertThat(limits.take("bot", 3)).isEqualTo(new Standing(3, true, 2, 60));
        clock.advance(Duration.ofMillis(20_500));
        assertThat(limits.take("bot", 3)).isEqualTo(new Standing(3, true, 1, 40));
    }

    @Test
    void refusesWhatIsTooMuchUntilTheMinuteIsOver() {
        limits.take("bot", 2);
        limits.take("bot", 2);
        assertThat(limits.take("bot", 2)).isEqualTo(new Standing(2, false, 0, 60));
        clock.advance(RateLimits.WINDOW.minusMillis(1));
        assertThat(limits.take("bot", 2)).isEqualTo(new Standing(2, false, 0, 1));

        clock.advance(Duration.ofMillis(1));

        assertThat(limits.take("bot", 2)).isEqualTo(new Standing(2, true, 1, 60));
    }

    @Test
    void oneKeyTakesNothingFromAnother() {
        limits.take("bot", 1);

        assertThat(limits.take("other", 1).allowed()).isTrue();
        assertThat(limits.take("bot", 1).allowed()).isFalse();
    }

    @Test
    void ofManyAtOnceNoneIsLetInTooMuch() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        try {
            Callable<Boolean> one = () -> limits.take("bot", 50).allowed();
            long allowed = pool.invokeAll(Stream.generate(() -> one).limit(200).toList()).stream()
                    .filter(RateLimitsTest::got)
                    .count();
            assertThat(allowed).isEqualTo(50);
        } finally {
            pool.shutdownNow();
        }
    }

    private static boolean got(Future<Boolean> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
