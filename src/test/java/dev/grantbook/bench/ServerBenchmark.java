package dev.grantbook.bench;

import dev.grantbook.bench.Load.Operation;
import dev.grantbook.testing.ConsentingProvider;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Grantbook beside a minimal Spring Boot application, on one PostgreSQL, with one provider, in turn: {@code ./mvnw
 * -Pbench verify}. Writes {@code target/bench/results.md}; {@code docs/performance.md} explains it.
 */
class ServerBenchmark {

    private static final int CALLERS = Integer.getInteger("grantbook.bench.callers", 16);
    private static final int GRANTS = Integer.getInteger("grantbook.bench.grants", 100_000);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("grantbook.bench.seconds", 10));
    private static final Duration BURST = LENGTH.dividedBy(3);
    private static final int MOST_BURSTS = 10;
    private static final int FEW_BURSTS = 3;

    /** Who is measured: its process, and the database that it keeps its users in. */
    private record Contestant(String name, Server server, String database) {}

    private record Row(String what, String who, Load load, double cpuMillis, double statements) {}

    private record Life(String who, Duration first, Duration second, long ready, long loaded) {}

    private final Path directory = Path.of("target", "bench");
    private final List<Row> rows = new ArrayList<>();
    private final List<Life> lives = new ArrayList<>();
    private final PrintStream out = System.out;

    @Test
    void grantbookBesideSpringBoot() throws Exception {
        Path data = Files.createTempDirectory(Files.createDirectories(directory), "run");
        try (var database = new BenchDatabase(Grantbook.DATABASE, SpringBoot.DATABASE);
                var provider = new ConsentingProvider()) {
            var grantbook = new Grantbook(database, provider, data);
            var spring = new SpringBoot(database, provider, data);
            Duration grantbookFirst;
            try (Server server = grantbook.start()) {
                grantbookFirst = server.start();
                grantbook.seed(server, GRANTS);
            }
            Duration springFirst;
            try (Server server = spring.start()) {
                springFirst = server.start();
                spring.seed(GRANTS);
            }
            try (Server one = grantbook.start();
                    Server other = spring.start()) {
                long oneReady = one.memory();
                long otherReady = other.memory();
                measure(database, provider, grantbook, one, spring, other);
                lives.add(new Life("Grantbook", grantbookFirst, one.start(), oneReady, one.memory()));
                lives.add(new Life("Spring Boot", springFirst, other.start(), otherReady, other.memory()));
            }
            String report = report(database.version() + ", " + spring.version());
            Files.writeString(directory.resolve("results.md"), report);
            out.println(report);
        }
    }

    private void measure(
            BenchDatabase database,
            ConsentingProvider provider,
            Grantbook grantbook,
            Server one,
            SpringBoot spring,
            Server other)
            throws Exception {
        var us = new Contestant("Grantbook", one, Grantbook.DATABASE);
        var them = new Contestant("Spring Boot", other, SpringBoot.DATABASE);
        for (Operation main : List.of(grantbook.newUser(one), grantbook.access(one, ServerBenchmark::uniform))) {
            Load.warm(main, CALLERS, BURST, MOST_BURSTS);
        }
        for (Operation main : List.of(spring.newUser(other), spring.token(other, ServerBenchmark::uniform))) {
            Load.warm(main, CALLERS, BURST, MOST_BURSTS);
        }
        measure(database, us, "new user", grantbook.newUser(one));
        measure(database, them, "new user", spring.newUser(other));
        measure(database, us, "token, uniform draw", grantbook.access(one, ServerBenchmark::uniform));
        measure(database, them, "token, uniform draw", spring.token(other, ServerBenchmark::uniform));
        measure(database, us, "token, Zipf draw", grantbook.access(one, ServerBenchmark::zipf));
        measure(database, them, "token, Zipf draw", spring.token(other, ServerBenchmark::zipf));
        for (var operation : List.of(
                new Named("batch of 100 tokens", grantbook.batch(one, ServerBenchmark::uniform)),
                new Named("call through the proxy", grantbook.proxied(one, ServerBenchmark::uniform)),
                new Named("console: list", grantbook.page(one, "/console/grants", "/console/grants/")),
                new Named("console: overview", grantbook.page(one, "/console", "Bench")))) {
            Load.warm(operation.operation(), CALLERS, BURST, FEW_BURSTS);
            measure(database, us, operation.name(), operation.operation());
        }
        URI api = URI.create(provider.address() + "/api/assets");
        Load direct = Load.of(client -> client.get(api).require(200, "assets"), CALLERS, LENGTH);
        rows.add(new Row("the same call without a proxy", "the provider", direct, 0, 0));
    }

    private static int uniform() {
        return ThreadLocalRandom.current().nextInt(GRANTS);
    }

    /** By Zipf's law: the user at place k is drawn as often as 1/k says. */
    private static int zipf() {
        return (int) Math.pow(GRANTS, ThreadLocalRandom.current().nextDouble()) - 1;
    }

    private record Named(String name, Operation operation) {}

    private void measure(BenchDatabase database, Contestant contestant, String what, Operation operation)
            throws IOException, InterruptedException, SQLException {
        long statements = database.statements(contestant.database());
        Duration cpu = contestant.server().cpu();
        Load load = Load.of(operation, CALLERS, LENGTH);
        rows.add(new Row(
                what,
                contestant.name(),
                load,
                contestant.server().cpu().minus(cpu).toMillis() / (double) load.count(),
                (database.statements(contestant.database()) - statements) / (double) load.count()));
    }

    private String report(String versions) throws IOException {
        var text = new StringBuilder(
                        "| what | who | per second | p50 ms | p95 ms | p99 ms | CPU ms each | SQL each |\n")
                .append("|---|---|---:|---:|---:|---:|---:|---:|\n");
        for (Row row : rows) {
            text.append(format(
                    "| %s | %s | %.0f | %.1f | %.1f | %.1f | %.2f | %.2f |\n",
                    row.what(),
                    row.who(),
                    row.load().perSecond(),
                    row.load().millis(0.5),
                    row.load().millis(0.95),
                    row.load().millis(0.99),
                    row.cpuMillis(),
                    row.statements()));
        }
        text.append("\n| Grantbook to Spring Boot | per second | p99 | CPU |\n|---|---:|---:|---:|\n");
        for (int i = 0; i + 1 < rows.size(); i++) {
            Row ours = rows.get(i);
            Row theirs = rows.get(i + 1);
            if (ours.what().equals(theirs.what())) {
                text.append(format(
                        "| %s | %.2f | %.2f | %.2f |\n",
                        ours.what(),
                        ours.load().perSecond() / theirs.load().perSecond(),
                        ours.load().millis(0.99) / theirs.load().millis(0.99),
                        ours.cpuMillis() / theirs.cpuMillis()));
            }
        }
        text.append("\n| who | first start s | second start s | MiB when ready | MiB after the load |\n")
                .append("|---|---:|---:|---:|---:|\n");
        for (Life life : lives) {
            text.append(format(
                    "| %s | %.1f | %.1f | %d | %d |\n",
                    life.who(),
                    life.first().toMillis() / 1e3,
                    life.second().toMillis() / 1e3,
                    life.ready(),
                    life.loaded()));
        }
        return text.append(format(
                        "\n%s: %s, %d processors, %s %s, Java %s; %s; %s; %d callers, %d grants, %d s each.\n",
                        LocalDate.now(ZoneOffset.UTC),
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version(),
                        System.getProperty("bench.versions"),
                        versions,
                        CALLERS,
                        GRANTS,
                        LENGTH.toSeconds()))
                .toString();
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        return !Files.exists(file)
                ? "unknown processor"
                : Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown processor");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
