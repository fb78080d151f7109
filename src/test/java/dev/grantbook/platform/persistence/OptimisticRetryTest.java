package dev.grantbook.platform.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithoutPauses.class)
class OptimisticRetryTest {

    private final List<String> tries = new ArrayList<>();

    @Test
    void whatFailsForAMomentIsStoredInTheEnd() {
        assertThat(OptimisticRetry.again(failing(3))).isEqualTo("stored");
        assertThat(tries).hasSize(4);
    }

    @Test
    void whatFailsForGoodIsTold() {
        assertThatThrownBy(() -> OptimisticRetry.again(failing(100))).hasMessage("try 8");
        assertThat(tries).hasSize(8);
    }

    @Test
    void whatNoTimeHealsIsToldAtOnce() {
        List<RuntimeException> forGood = List.of(
                new ConfigurationException("a secret is missing"),
                Problem.field("subject", "is too long").exception());
        for (RuntimeException failure : forGood) {
            tries.clear();

            Supplier<String> work = () -> {
                tries.add("one");
                throw failure;
            };

            assertThatThrownBy(() -> OptimisticRetry.again(work)).isSameAs(failure);
            assertThat(tries).containsExactly("one");
        }
    }

    @Test
    void whoeverIsToStopDoesNotTryAgain() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> OptimisticRetry.again(failing(100))).hasMessage("try 1");

        assertThat(Thread.interrupted()).as("whoever called is told, too").isTrue();
    }

    private Supplier<String> failing(int times) {
        return () -> {
            tries.add("try " + (tries.size() + 1));
            if (tries.size() <= times) {
                throw new IllegalStateException("try " + tries.size());
            }
            return "stored";
        };
    }
}
