package dev.grantbook.bench;

import static dev.grantbook.bench.Figure.CPU;
import static dev.grantbook.bench.Figure.LOG_LINES;
import static dev.grantbook.bench.Figure.P99;
import static dev.grantbook.bench.Figure.RATE;

import dev.grantbook.bench.Report.Growth;
import dev.grantbook.testing.ConsentingProvider;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Grantbook beside a minimal Spring Boot application and a bare server, on one PostgreSQL, with one provider:
 * {@code ./mvnw -Pbench verify}. Writes {@code target/bench/results.md}; {@code docs/performance.md} explains it.
 */
class ServerBenchmark {

    private static final int CALLERS = Integer.getInteger("grantbook.bench.callers", 16);
    private static final int MANY = Integer.getInteger("grantbook.bench.grants", 1_000_000);
    private static final int FEW = Math.max(1, MANY / 100);
    private static final Duration ROUND = Duration.ofSeconds(Integer.getInteger("grantbook.bench.seconds", 3));
    private static final int ROUNDS = 3;
    private static final int RESTARTS = 2;
    private static final int LOOK_UPS = 3;
    private static final Duration BURST = ROUND.multipliedBy(2).dividedBy(3);
    private static final int MOST_BURSTS = 12;

    private static final String UNIFORM = format("token, uniform draw of %,d", FEW);
    private static final String ZIPF = format("token, Zipf draw of %,d", FEW);
    private static final String UNIFORM_MANY = format("token, uniform draw of %,d", MANY);
    private static final String ZIPF_MANY = format("token, Zipf draw of %,d", MANY);
    private static final String LATER = UNIFORM + ", later";
    private static final String NEW_USER = "new user";
    private static final String PROXIED = "call through the proxy";
    private static final String DIRECT = "the same call without a proxy";
    private static final String PROVIDER = "provider";
    private static final String SOURCE = "./mvnw";

    private final Path directory = Path.of("target", "bench");
    private final List<Row> rows = new ArrayList<>();
    private final List<Life> lives = new ArrayList<>();
    private final PrintStream out = System.out;

    @Test
    void grantbookBesideSpringBootAndBareServer() throws Exception {
        Path data = Files.createTempDirectory(Files.createDirectories(directory), "run");
        lives.add(new Life(SOURCE, Grantbook.startFromSource(data), Double.NaN, Double.NaN));
        try (var database = new BenchDatabase();
                var provider = new ConsentingProvider();
                var grantbook = new Grantbook(database, provider, data);
                var spring = new SpringBoot(database, provider, data);
                var bare = new BareServer(database, data)) {
            start(grantbook, spring, bare);

            URI api = URI.create(provider.address() + "/api/assets");
            measure(
                    grantbook.trial(NEW_USER, grantbook.newUser()),
                    spring.trial(NEW_USER, spring.newUser()),
                    grantbook.trial("batch of 100 tokens", grantbook.batch(Draw.uniform(FEW))),
                    grantbook.trial(PROXIED, grantbook.proxied(Draw.uniform(FEW))),
                    new Trial(
                            DIRECT,
                            PROVIDER,
                            () -> Usage.UNKNOWN,
                            client -> client.get(api).require(200, "assets")));
            measure(
                    grantbook.trial(UNIFORM, grantbook.token(Draw.uniform(FEW))),
                    spring.trial(UNIFORM, spring.token(Draw.uniform(FEW))),
                    bare.trial(UNIFORM, bare.token(Draw.uniform(FEW))),
                    grantbook.trial(ZIPF, grantbook.token(Draw.zipf(FEW))));

            out.println("making " + MANY + " users");
            grantbook.seed(FEW, MANY);
            spring.seed(FEW, MANY);
            // As on a node that has been asked about its users before.
            Load.times(grantbook.batch(Draw.each(MANY)), CALLERS, MANY / Grantbook.BATCH);
            measure(
                    grantbook.trial(UNIFORM_MANY, grantbook.token(Draw.uniform(MANY))),
                    spring.trial(UNIFORM_MANY, spring.token(Draw.uniform(MANY))),
                    bare.trial(LATER, bare.token(Draw.uniform(FEW))),
                    grantbook.trial(ZIPF_MANY, grantbook.token(Draw.zipf(MANY))),
                    spring.trial(ZIPF_MANY, spring.token(Draw.zipf(MANY))),
                    grantbook.trial("console: list", grantbook.page("/console/grants", "/console/grants/")),
                    grantbook.trial("console: overview", grantbook.page("/console", "Bench")));

            String report = report(database.version() + ", " + spring.version());
            Files.writeString(directory.resolve("results.md"), report);
            out.println(report);
        }
    }

    /**
     * Starts all on an empty database, and then in turn on one with few users, until the first of these is answered.
     * Each user is looked up some times after that: the same load for all, after which their memory compares.
     */
    private void start(Contestant... all) throws Exception {
        for (Contestant one : all) {
            out.println("starting " + one.name);
            one.start(one.ready());
            one.seed(0, FEW);
        }
        for (int restart = 0; restart < RESTARTS; restart++) {
            for (Contestant one : all) {
                one.close();
                one.start(one.token(() -> 0));
            }
        }
        for (Contestant one : all) {
            Load.times(one.token(Draw.each(FEW)), CALLERS, LOOK_UPS * FEW);
            lives.add(one.life());
        }
    }

    /** Warms each of them up, and then measures them in turn, round by round. */
    private void measure(Trial... trials) throws IOException, InterruptedException, SQLException {
        Map<Trial, List<Round>> rounds = new LinkedHashMap<>();
        for (Trial trial : trials) {
            out.println("warming up " + trial.who() + ": " + trial.what());
            Load.warm(trial.operation(), CALLERS, BURST, MOST_BURSTS);
            rounds.put(trial, new ArrayList<>());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<Trial, List<Round>> each : rounds.entrySet()) {
                each.getValue().add(each.getKey().measure(CALLERS, ROUND));
            }
        }
        rounds.forEach((trial, all) -> rows.add(new Row(trial.what(), trial.who(), all)));
    }

    private List<Target> targets() {
        Life ours = life(Grantbook.NAME);
        Life bare = life(BareServer.NAME);
        return List.of(
                Target.atLeast("new users per second, to Spring Boot's", 1, ratio(RATE, NEW_USER, SpringBoot.NAME)),
                Target.atLeast("tokens per second, to Spring Boot's", 1.5, ratio(RATE, UNIFORM, SpringBoot.NAME)),
                Target.atLeast("tokens per second, to the bare server's", 0.8, ratio(RATE, UNIFORM, BareServer.NAME)),
                Target.atMost("p99 of a new user, to Spring Boot's", 1, ratio(P99, NEW_USER, SpringBoot.NAME)),
                Target.atMost("p99 of a token, to Spring Boot's", 1, ratio(P99, UNIFORM, SpringBoot.NAME)),
                Target.atMost(
                        "CPU of a token over all grants, to that over few, uniform draw",
                        1.1,
                        uniform().ratio(CPU)),
                Target.atMost("CPU of a token over all grants, to that over few, Zipf draw", 1.1, zipf().ratio(CPU)),
                Target.atMost("memory after the look-ups, to the bare server's", 1.15, ours.loaded() / bare.loaded()),
                Target.atMost("second start, to the bare server's", 1.3, ours.again() / bare.again()),
                Target.atMost(
                        "second start of ./mvnw in seconds", 12, life(SOURCE).again()),
                Target.atMost(
                        "lines of log for a new user",
                        1,
                        row(NEW_USER, Grantbook.NAME).median(LOG_LINES)));
    }

    private Growth uniform() {
        return new Growth(row(UNIFORM, Grantbook.NAME), row(UNIFORM_MANY, Grantbook.NAME));
    }

    private Growth zipf() {
        return new Growth(row(ZIPF, Grantbook.NAME), row(ZIPF_MANY, Grantbook.NAME));
    }

    /** The same draw at both times, which shows what the machine did meanwhile. */
    private Growth unchanged() {
        return new Growth(row(UNIFORM, BareServer.NAME), row(LATER, BareServer.NAME));
    }

    private String report(String versions) throws IOException {
        return String.join(
                "\n",
                Report.rows(rows),
                Report.ratios(rows, Grantbook.NAME),
                Report.growth(List.of(uniform(), zipf(), unchanged())),
                Report.difference("added by the proxy", row(PROXIED, Grantbook.NAME), row(DIRECT, PROVIDER)),
                Report.lives(lives),
                Report.targets(targets()),
                format(
                        "%s; %s; %s; %d callers, %d to %d grants, %d rounds of %d s each.\n",
                        Report.machine(),
                        System.getProperty("bench.versions"),
                        versions,
                        CALLERS,
                        FEW,
                        MANY,
                        ROUNDS,
                        ROUND.toSeconds()));
    }

    private Row row(String what, String who) {
        return rows.stream()
                .filter(row -> row.what().equals(what) && row.who().equals(who))
                .findFirst()
                .orElseThrow();
    }

    private double ratio(Figure figure, String what, String to) {
        return row(what, Grantbook.NAME).ratio(figure, row(what, to));
    }

    private Life life(String who) {
        return lives.stream().filter(life -> life.who().equals(who)).findFirst().orElseThrow();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
