package dev.grantbook.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever does not show who they are gets so much done, and no more. */
class AnonymousBudgetTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private final AnonymousBudget budget = new AnonymousBudget();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.anonymous.per-minute", "60");
        budget.settings = configuration.settings();
        budget.clock = clock;
    }

    @Test
    @DisplayName("4.3 A network has a minute's worth at once, and then one for each moment that passed")
    void fillsUpEvenly() {
        spend("192.0.2.1", 60);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> budget.spend("192.0.2.1"))
                .satisfies(refused -> {
                    assertThat(refused.problem().status()).isEqualTo(429);
                    assertThat(refused.problem().retryAt())
                            .isEqualTo(clock.instant().plusSeconds(1));
                });
        assertThatCode(() -> budget.spend("192.0.2.2")).doesNotThrowAnyException();

        clock.advance(Duration.ofSeconds(2));
        spend("192.0.2.1", 2);
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> budget.spend("192.0.2.1"));
        clock.advance(Duration.ofHours(1));
        spend("192.0.2.1", 60);
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> budget.spend("192.0.2.1"));
    }

    @Test
    @DisplayName("4.3 However many networks ask, few are remembered, and the one that asks all the time among them")
    void isBounded() {
        spend("192.0.2.1", 60);
        for (int network = 0; network < 3 * AnonymousBudget.MOST_NETWORKS; network++) {
            budget.spend("2001:db8:0:" + Integer.toHexString(network) + "::/64");
            if (network % 1000 == 0) {
                assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> budget.spend("192.0.2.1"));
            }
        }

        assertThat(budget.buckets.size()).isEqualTo(AnonymousBudget.MOST_NETWORKS);
    }

    private void spend(String network, int times) {
        for (int i = 0; i < times; i++) {
            budget.spend(network);
        }
    }
}
