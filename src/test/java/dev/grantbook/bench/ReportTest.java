package dev.grantbook.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.bench.Report.Growth;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Row OURS = row("token", "we", round(100, 20, 0), round(400, 40, 200), round(200, 30, 10));
    private static final Row THEIRS = row("token", "they", round(200, 10, 0), round(200, 10, 0), round(200, 10, 0));
    private static final Row OTHER = row("page", "they", round(50, 1, 0));

    @Test
    void rowsTellTheMedianOfTheRoundsAndTheBestRate() {
        assertThat(Report.rows(List.of(OURS))).isEqualTo("""
                | what | who | best per second | per second | p50 ms | p95 ms | p99 ms | CPU ms each | SQL each | log lines each | MiB |
                |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                | token | we | 400 | 200 | 30.0 | 30.0 | 30.0 | 0.50 | 0.05 | 0.01 | 64 |
                """);
    }

    @Test
    void medianOfTwoIsBetweenThem() {
        assertThat(row("", "", round(10, 1, 0), round(20, 1, 0)).median(Figure.RATE))
                .isEqualTo(15);
    }

    @Test
    void ratiosAreTakenRoundByRoundFromThoseWhoDidTheSame() {
        assertThat(Report.ratios(List.of(OURS, THEIRS, OTHER), "we")).isEqualTo("""
                | what | we to | per second | p99 ms | CPU ms each |
                |---|---|---:|---:|---:|
                | token | they | 1.00 | 3.00 | 1.00 |
                """);
    }

    @Test
    void growthTellsHowManyDrawsWereAnsweredFromMemory() {
        assertThat(Report.growth(List.of(new Growth(THEIRS, OURS)))).isEqualTo("""
                | who | what | to | from memory | before | per second | p99 ms | CPU ms each |
                |---|---|---|---:|---:|---:|---:|---:|
                | we | token | token | 0.95 | 1.00 | 1.00 | 3.00 | 1.00 |
                """);
    }

    @Test
    void differencesAreThoseOfTheMedians() {
        assertThat(Report.difference("more", OURS, THEIRS)).endsWith("| more | 20.0 | 20.0 | 20.0 |\n");
    }

    @Test
    void whatNobodyKnowsIsADash() {
        var direct = new Row("call", "provider", List.of(new Round(load(10, 1), Usage.UNKNOWN)));

        assertThat(Report.rows(List.of(direct)))
                .endsWith("| call | provider | 10 | 10 | 1.0 | 1.0 | 1.0 | – | – | – | – |\n");
    }

    @Test
    void theBestOfTheLaterStartsCounts() {
        var life = new Life("we", seconds(9, 7, 8), 100, 200);

        assertThat(Report.lives(List.of(life))).endsWith("| we | 9.0 | 7.0 | 100 | 200 |\n");
    }

    @Test
    void targetsAreReachedByComparing() {
        assertThat(Report.targets(List.of(
                        Target.atLeast("rate", 1.5, 1.5),
                        Target.atLeast("rate", 1.5, 1.49),
                        Target.atMost("p99", 1, 1),
                        Target.atMost("p99", 1, 1.01),
                        Target.atMost("memory", 1.15, Double.NaN))))
                .isEqualTo("""
                        | target | wanted | reached | value |
                        |---|---|---|---:|
                        | rate | at least 1.50 | yes | 1.50 |
                        | rate | at least 1.50 | no | 1.49 |
                        | p99 | at most 1.00 | yes | 1.00 |
                        | p99 | at most 1.00 | no | 1.01 |
                        | memory | at most 1.15 | no | – |
                        """);
    }

    private static Row row(String what, String who, Round... rounds) {
        return new Row(what, who, List.of(rounds));
    }

    /** A second in which the process used 100 ms, its database ran 10 statements, and it wrote 2 lines. */
    private static Round round(int operations, int millis, int reads) {
        return new Round(load(operations, millis), new Usage(100, 10, reads, 2, 64));
    }

    private static Load load(int operations, int millis) {
        long[] nanos = new long[operations];
        Arrays.fill(nanos, Duration.ofMillis(millis).toNanos());
        return new Load(nanos, Duration.ofSeconds(1));
    }

    private static List<Duration> seconds(int... all) {
        return IntStream.of(all).mapToObj(Duration::ofSeconds).toList();
    }
}
