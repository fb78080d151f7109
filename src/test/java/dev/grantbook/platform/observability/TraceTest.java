package dev.grantbook.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.event.Startup;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @AfterEach
    void end() {
        Trace.set(null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-of-a-later-version"
            })
    void theCallersIdIsTaken(String parent) {
        assertThat(Trace.of(parent)).hasValue(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n[SEVERE] forged",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 00-4bf92f3577b34da6a3ce929d0e0e4736-1-01"
            })
    void whatIsNoIdIsPassedOver(String parent) {
        assertThat(Trace.of(parent)).isEmpty();
    }

    @Test
    void noHeaderIsNoId() {
        assertThat(Trace.of(null)).isEmpty();
    }

    @Test
    void aNewIdIsOneThatOthersTake() {
        assertThat(Trace.of("00-" + Trace.fresh() + "-00f067aa0ba902b7-01")).isPresent();
        assertThat(Trace.fresh()).isNotEqualTo(Trace.fresh());
    }

    @Test
    void workUnderAnotherIdLeavesTheOwnInPlace() {
        Trace.set(ID);
        var seen = new ArrayList<String>();

        Trace.during("other", () -> seen.add(String.valueOf(Trace.current())));
        Trace.during(null, () -> seen.add(String.valueOf(Trace.current())));

        assertThat(seen).containsExactly("other", "null");
        assertThat(Trace.current()).isEqualTo(ID);
    }

    @Test
    void whatHasNoIdOfItsOwnChangesNothing() {
        Trace.set(ID);
        Trace.follow(null);
        assertThat(Trace.current()).isEqualTo(ID);

        Trace.follow("older");
        assertThat(Trace.current()).isEqualTo("older");
    }

    @Test
    void problemsNameIt() {
        assertThat(Problem.field("subject", "missing").toJson()).doesNotContainKey("trace");

        Trace.set(ID);
        assertThat(Problem.field("subject", "missing").toJson().getString("trace"))
                .isEqualTo(ID);
    }

    @Test
    void theLogNamesItBehindEachLineOfOurs() {
        var lines = new Lines();
        Logger server = Logger.getLogger("dev");
        Logger room = Logger.getLogger("dev.grantbook.room");
        var log = new TracedLog();
        server.addHandler(lines);
        log.open(new Startup());
        try {
            room.log(Level.INFO, "{0}: nothing special", "one");
            Trace.set(ID);
            room.log(Level.INFO, "{0}: done", "two");
        } finally {
            log.close();
            server.removeHandler(lines);
        }

        assertThat(lines.seen).containsExactly("{0}: nothing special", "{0}: done [trace " + ID + "]");
    }

    private static final class Lines extends Handler {

        private final List<String> seen = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            seen.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
