package dev.grantbook.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.access.RepeatableRequests.Known;
import jakarta.persistence.PersistenceException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which of several calls with the same key runs. */
class IdempotencyFilterTest {

    /** The other call's row is in the way of ours, and gone when we look at it. */
    @Test
    void aCallWhoseForerunnerWasAnsweredWithATokenMeanwhileRuns() {
        var filter = new IdempotencyFilter();
        filter.requests = new RepeatableRequests() {

            private int starts;

            @Override
            Optional<Known> find(String id, String requestHash) {
                return Optional.empty();
            }

            @Override
            void start(String id, String requestHash) {
                if (++starts == 1) {
                    throw new PersistenceException("as the test wants");
                }
            }
        };

        assertThat(filter.start("id", "request")).isEmpty();
    }
}
