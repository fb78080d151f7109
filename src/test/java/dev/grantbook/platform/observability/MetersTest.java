package dev.grantbook.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import jakarta.enterprise.event.Startup;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MetersTest {

    private final Measurements measurements = new Measurements();

    @BeforeEach
    void open() {
        measurements.open(new Startup());
    }

    @AfterEach
    void close() {
        measurements.close();
    }

    @Test
    void whatIsCountedCanBeRead() {
        Meters.count("eggs", "basket", "red");
        Meters.count("eggs", "basket", "red");

        assertThat(measurements.text()).contains("grantbook_eggs_total{basket=\"red\"} 2.0");
    }

    @Test
    void howMuchThereIsIsLookedUpWhenSomebodyReads() {
        var eggs = new AtomicInteger(2);
        Meters.gauge("nest", eggs::get, "bird", "robin");
        eggs.set(3);

        assertThat(measurements.text()).contains("grantbook_nest{bird=\"robin\"} 3.0");
    }

    @Test
    void whatThereIsCanBeReadAsItIsNow() {
        Meters.level("chickens", 3);
        Meters.level("chickens", 2);

        assertThat(measurements.text()).contains("grantbook_chickens 2.0");
    }

    @Test
    void workIsTimedAndItsResultHandedOn() {
        assertThat(Meters.<String>time("walks", () -> "home", "by", "foot")).isEqualTo("home");

        assertThat(measurements.text()).contains("grantbook_walks_seconds_count{by=\"foot\",failed=\"false\"} 1");
    }

    @Test
    void workThatFailsIsTimedToo() {
        assertThatIllegalStateException().isThrownBy(() -> Meters.time("falls", MetersTest::fall));

        assertThat(measurements.text()).contains("grantbook_falls_seconds_count{failed=\"true\"} 1");
    }

    private static String fall() {
        throw new IllegalStateException("ouch");
    }

    @Test
    @DisplayName("3.6 No metric has an empty HELP")
    void noMetricHasAnEmptyHelp() {
        Meters.count("attempts", "connector", "demo", "outcome", "granted");
        Meters.gauge("revocations.waiting", () -> 0);
        Meters.level("keys.values.left", 0);
        Meters.time("token.calls", () -> "done");
        Meters.count("hens");

        assertThat(measurements.text().lines().filter(line -> line.startsWith("# HELP ")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).matches("# HELP grantbook_[a-z_]+ \\S.*"));
        assertThat(measurements.text()).contains("# HELP grantbook_attempts_total Attempts that ended");
    }
}
