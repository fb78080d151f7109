package dev.grantbook.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What text from outside can do to the log: nothing but stand in its line. */
class TracedLogTest {

    @ParameterizedTest
    @DisplayName("4.6 No text from outside begins a line, or turns one around")
    @ValueSource(
            strings = {"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u000b", "\u001b[2K", "\u202e", "\u0000"})
    void noTextFromOutsideBeginsALine(String trick) {
        var line = new LogRecord(Level.INFO, "callback of {0}: {1}, {2} times");
        line.setParameters(new Object[] {"bot" + trick + "SEVERE: forged", List.of(trick), 7});

        TracedLog.keepOnOneLine(line);

        String text = new SimpleFormatter().formatMessage(line);
        assertThat(text).contains("bot?").contains(", 7 times");
        assertThat(text.codePoints().filter(letter -> trick.charAt(0) == letter))
                .isEmpty();
        assertThat(text.lines()).hasSize(1);
    }

    @Test
    @DisplayName("4.6 Messages of exceptions stay in their line, with their kind and where they come from")
    void messagesOfExceptionsStayInTheirLine() {
        var failure =
                new IllegalStateException("a\nSEVERE: forged", new IllegalArgumentException("b\r\nSEVERE: forged"));
        failure.addSuppressed(new IllegalArgumentException("c\nSEVERE: forged"));
        var line = new LogRecord(Level.SEVERE, "request failed");
        line.setThrown(failure);

        TracedLog.keepOnOneLine(line);

        String text = new SimpleFormatter().format(line);
        assertThat(text.lines()).noneMatch(one -> one.startsWith("SEVERE: forged"));
        assertThat(text)
                .contains("java.lang.IllegalStateException: a?SEVERE: forged")
                .contains("Caused by: java.lang.IllegalArgumentException: b??SEVERE: forged")
                .contains("messagesOfExceptionsStayInTheirLine");
    }

    @Test
    @DisplayName("4.6 What is plain stays as it is")
    void whatIsPlainStays() {
        var failure = new IllegalStateException("plain 王");
        var line = new LogRecord(Level.INFO, "as it was");
        line.setThrown(failure);

        TracedLog.keepOnOneLine(line);

        assertThat(line.getMessage()).isEqualTo("as it was");
        assertThat(line.getThrown()).isSameAs(failure);
    }
}
