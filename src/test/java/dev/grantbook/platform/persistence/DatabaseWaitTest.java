package dev.grantbook.platform.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.testing.TestClock;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node does whose database is not there yet. */
class DatabaseWaitTest {

    private static final Connection CONNECTION = (Connection) Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> null);

    private final TestClock clock = new TestClock();
    private final List<Long> pauses = new ArrayList<>();
    private final DatabaseWait waiting = new DatabaseWait(clock, pause -> {
        pauses.add(pause.toSeconds());
        clock.advance(pause);
    });

    @Test
    @DisplayName("4.4 A database that comes late is waited for, with growing pauses")
    void waits() throws Exception {
        Connection found = waiting.first(
                () -> {
                    if (pauses.size() < 6) {
                        throw new SQLException("Connection refused", "08001");
                    }
                    return CONNECTION;
                },
                Duration.ofMinutes(5));

        assertThat(found).isSameAs(CONNECTION);
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    @DisplayName("4.4 A database that does not come is waited for no longer than the operator says")
    void givesUp() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> waiting.first(
                        () -> {
                            throw new SQLException("the database system is starting up", "57P03");
                        },
                        Duration.ofSeconds(30)))
                .withMessage("the database system is starting up");
        assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isBetween(30L, 40L);
    }

    @Test
    @DisplayName("4.4 A database that says no is not asked again")
    void doesNotWaitForAnotherAnswer() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> waiting.first(
                        () -> {
                            throw new SQLException("password authentication failed", "28P01");
                        },
                        Duration.ofMinutes(5)));
        assertThat(pauses).isEmpty();
    }
}
