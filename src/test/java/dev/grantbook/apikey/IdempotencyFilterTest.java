package dev.grantbook.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.apikey.RepeatableRequests.Known;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.persistence.PersistenceException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several calls with the same key runs. */
class IdempotencyFilterTest {

    /** Another call's row is in the way of ours, and gone when we look at it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aCallWhoseForerunnersWereAnsweredWithTokensMeanwhileRuns(int forerunners) {
        assertThat(filterBehind(forerunners).start("id", "request")).isEmpty();
    }

    @Test
    void aCallWithMoreForerunnersIsAskedToComeAgain() {
        IdempotencyFilter filter = filterBehind(3);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> filter.start("id", "request"))
                .satisfies(refusal -> assertThat(refusal.problem().slug()).isEqualTo("idempotency-key-running"));
    }

    private static IdempotencyFilter filterBehind(int forerunners) {
        var filter = new IdempotencyFilter();
        filter.requests = new RepeatableRequests() {

            private int starts;

            @Override
            Optional<Known> find(String id, String requestHash) {
                return Optional.empty();
            }

            @Override
            void start(String id, String requestHash) {
                if (++starts <= forerunners) {
                    throw new PersistenceException("as the test wants");
                }
            }
        };
        return filter;
    }
}
