package dev.grantbook.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.TestClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a log says while everything fails for one reason. */
class FaultLogTest {

    private final Logger logger = Logger.getAnonymousLogger();
    private final List<LogRecord> lines = new ArrayList<>();
    private final TestClock clock = new TestClock();
    private final FaultLog faults = new FaultLog(clock);

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    @Test
    @DisplayName("4.5 However many requests an outage breaks, it is one line in ten seconds, without a stack")
    void anOutageIsALine() {
        for (int request = 0; request < 1000; request++) {
            faults.add(logger, Level.SEVERE, "a request failed", outage());
        }
        assertThat(lines)
                .hasSize(1)
                .allSatisfy(line -> assertThat(line.getThrown()).isNull());
        assertThat(text(0))
                .contains("a request failed: the database does not answer: Connection refused")
                .hasSizeLessThan(300);

        clock.advance(Duration.ofSeconds(10));
        faults.add(logger, Level.SEVERE, "a request failed", outage());
        faults.add(logger, Level.WARNING, "a round of deliveries failed", outage());

        assertThat(lines).hasSize(3);
        assertThat(text(1)).contains("(999 more since ");
        assertThat(text(2)).contains("a round of deliveries failed: the database does not answer");
    }

    @Test
    @DisplayName("4.5 Any other fault has its stack once a minute, and one line in between")
    void anotherFaultHasItsStackOnce() {
        for (int request = 0; request < 3; request++) {
            faults.add(logger, Level.SEVERE, "a request failed", new IllegalStateException("broken\nin two"));
        }
        faults.add(logger, Level.SEVERE, "a request failed", new IllegalArgumentException("another"));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).getThrown()).hasMessageContaining("broken");
        assertThat(lines.get(1).getThrown()).isNull();
        assertThat(text(1)).isEqualTo("a request failed, as before: java.lang.IllegalStateException: broken in two");
        assertThat(lines.get(3).getThrown()).hasMessage("another");

        clock.advance(Duration.ofMinutes(1));
        faults.add(logger, Level.SEVERE, "a request failed", new IllegalStateException("broken"));
        assertThat(lines.get(4).getThrown()).isNotNull();
        assertThat(text(4)).contains("(2 more since ");
    }

    @ParameterizedTest
    @CsvSource({
        "08001, true",
        "57P01, true",
        "57P03, true",
        "53300, true",
        "90067, true",
        "23505, false",
        "42601, false"
    })
    void tellsAnOutageFromAStatementThatWasRefused(String state, boolean outage) {
        assertThat(FaultLog.isOutage(new IllegalStateException(new SQLException("x", state))))
                .isEqualTo(outage);
    }

    /** As Payara's pool wraps it. */
    private static RuntimeException outage() {
        return new IllegalStateException(
                "Internal Exception",
                new SQLException(
                        "Error in allocating a connection. Cause: Connection refused",
                        new IllegalStateException("Connection refused")));
    }

    private String text(int line) {
        return new SimpleFormatter().formatMessage(lines.get(line));
    }
}
