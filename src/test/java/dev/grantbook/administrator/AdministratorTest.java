package dev.grantbook.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AdministratorTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Administrator administrator = new Administrator("ada", Role.ADMIN);

    private void fail(int times) {
        for (int time = 0; time < times; time++) {
            administrator.recordFailure(NOON);
        }
    }

    @Test
    void fourFailuresDoNotLock() {
        fail(Administrator.FAILURES_ALLOWED - 1);
        assertThat(administrator.isLocked(NOON)).isFalse();
    }

    @Test
    void theFifthFailureLocksForFiveMinutes() {
        fail(Administrator.FAILURES_ALLOWED - 1);
        assertThat(administrator.recordFailure(NOON)).isTrue();
        assertThat(administrator.isLocked(NOON.plus(Administrator.LOCKED_FOR).minusMillis(1)))
                .isTrue();
        assertThat(administrator.isLocked(NOON.plus(Administrator.LOCKED_FOR))).isFalse();
    }

    @Test
    void aSuccessStartsTheCountAgain() {
        fail(Administrator.FAILURES_ALLOWED - 1);
        administrator.recordSuccess();
        assertThat(administrator.recordFailure(NOON)).isFalse();
    }

    @Test
    void aNewPasswordUnlocks() {
        administrator.setPassword("one");
        fail(Administrator.FAILURES_ALLOWED);
        administrator.setPassword("other");
        assertThat(administrator.isLocked(NOON)).isFalse();
    }
}
