package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.it.SoakProvider.Judgement;
import dev.grantbook.it.SoakProvider.Presented;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes over one PostgreSQL are kept busy for a while ({@code -Dsoak.minutes}, ten), with tokens that expire and
 * rotate, with those that are taken back at the provider, and with a provider and a bot that make trouble; three times
 * a node is killed. What it shows is in {@code docs/soak.md}.
 */
class GrantLifeSoak {

    private static final int KILLS = 3;
    private static final int CALLERS = 8;
    private static final int SUBJECTS = 8;
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("soak.minutes", 10) * 60);

    /** The connectors' {@code probe.max-age}. */
    private static final Duration PROOF = Duration.ofSeconds(5);

    private static final Map<String, String> ASK = Map.of(
            "rotating", "/sandbox/at/oauth2/userinfo",
            "flaky", "/sandbox/at/oauth2/userinfo",
            "lasting", "/sandbox/at/github/user");
    private static final Map<String, String> BUTTON = Map.of(
            "rotating", "Continue to OAuth 2.0",
            "flaky", "Continue to OAuth 2.0",
            "lasting", "Continue to GitHub");

    private static final Map<String, String> TOLD_AS = Map.of(
            "GRANTED", "grant.created",
            "CHANGED", "grant.changed",
            "CONFIRMED", "grant.confirmed",
            "REFRESH_FAILED", "grant.refreshed_failed",
            "EXPIRED", "grant.expired",
            "DISCONNECTED", "grant.revoked",
            "REJECTED", "grant.revoked",
            "UNCONFIRMED", "grant.revoked");

    /** Somebody whose grant is used. */
    private record Person(String connector, String subject, ReentrantLock trip) {}

    /** A node that was killed, and whose grants it held a lease of when it died. */
    private record Death(String node, Set<String> leased) {}

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Person> people = new ArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<Death> deaths = new ArrayList<>();
    private final Map<Integer, String> subjects = new ConcurrentHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, String> incarnations = new HashMap<>();
    private final Map<String, Map<String, String>> configurations = new HashMap<>();
    private final Set<String> up = ConcurrentHashMap.newKeySet();
    private volatile boolean busy = true;
    private PostgreSql.Database database = new PostgreSql.Database("", "", "");
    private SoakProvider provider = new SoakProvider("");
    private SoakBot bot = new SoakBot();

    GrantLifeSoak() throws IOException {}

    @BeforeEach
    void start() throws Exception {
        open.add(bot);
        Path sandboxData = Files.createTempDirectory("grantbook-soak-sandbox");
        int sandboxPort = Deployments.freePort();
        provider = new SoakProvider("http://localhost:" + sandboxPort);
        open.add(provider);
        for (String name : List.of("a", "b")) {
            ports.put(name, Deployments.freePort());
        }
        provider.front(
                Deployments.port(),
                ports.values().stream().map(port -> "http://localhost:" + port).toList());

        PostgreSql.Database provided = PostgreSql.fresh();
        Map<String, String> sandbox = configuration(sandboxData, sandboxData, provided);
        sandbox.put("grantbook.sandbox.token-lifetime", "PT20S");
        open.add(Node.start(sandboxPort, sandbox));

        database = PostgreSql.fresh();
        Path data = Files.createTempDirectory("grantbook-soak");
        for (String name : List.of("a", "b")) {
            Map<String, String> configuration = configuration(data, sandboxData, database);
            configuration.put("grantbook.provider.timeout", SoakProvider.PATIENCE.toString());
            configuration.put("grantbook.refresh.lease", "PT3S");
            configuration.put("grantbook.refresh.round", "PT2S");
            configuration.put("grantbook.probe.round", "PT5S");
            configuration.put("grantbook.deliveries.pause", "PT0.3S");
            configuration.put("grantbook.deliveries.timeout", "PT2S");
            configuration.put("http.proxyHost", "127.0.0.1");
            // Otherwise this machine is not asked through the proxy.
            configuration.put("http.nonProxyHosts", "");
            configurations.put(name, configuration);
        }
        startNode("a");
        startNode("b");
        for (String connector : ASK.keySet()) {
            for (int i = 0; i < SUBJECTS; i++) {
                people.add(new Person(connector, connector + "-" + i, new ReentrantLock()));
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        busy = false;
        threads.shutdownNow();
        open.addAll(nodes.values());
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void whatIsHandedOutWorksWhatIsSpentIsSpentOnceAndWhatHappensIsTold() throws Exception {
        for (Person person : people) {
            travel(person);
        }
        long end = System.nanoTime() + LENGTH.toNanos();
        var running = new ArrayList<Future<?>>();
        for (int i = 0; i < CALLERS; i++) {
            running.add(threads.submit(whileBusy(this::call)));
        }
        running.add(threads.submit(whileBusy(this::takeBack)));
        for (int kill = 1; kill <= KILLS; kill++) {
            pauseUntil(end - LENGTH.toNanos() / (KILLS + 1) * (KILLS + 1 - kill));
            killAndReplace(kill % 2 == 0 ? "a" : "b");
        }
        pauseUntil(end);
        busy = false;
        for (Future<?> one : running) {
            one.get(2, TimeUnit.MINUTES);
        }
        provider.calmDown();
        bot.calmDown();
        awaitDeliveries();

        checkRefreshTokens();
        checkDeliveries();
        report();
        Secrets.assertNoneIsLogged();
        assertThat(faults).isEmpty();
        assertThat(provider.counts())
                .containsKeys("handed out and taken", "tokens after a refresh", "tokens taken back at the provider")
                .containsEntry("nodes killed", KILLS);
    }

    /** What breaks is a fault of the soak, and does not end it. */
    private Callable<Boolean> whileBusy(Step step) {
        return () -> {
            while (busy) {
                try {
                    step.take();
                } catch (IOException | IllegalStateException e) {
                    faults.add(String.valueOf(e));
                }
            }
            return true;
        };
    }

    /** Something that is done again and again. */
    private interface Step {
        void take() throws IOException, InterruptedException;
    }

    // What the bots do

    private void call() throws IOException, InterruptedException {
        // A node that starts needs some of the machine too.
        TimeUnit.MILLISECONDS.sleep(20);
        Person person = people.get(ThreadLocalRandom.current().nextInt(people.size()));
        String status = access(person).getString("status", "none");
        if (Set.of("not_authorized", "revoked", "expired").contains(status)
                && person.trip().tryLock()) {
            try {
                travel(person);
            } finally {
                person.trip().unlock();
            }
        }
    }

    /** Asks any node for a token, and uses it at once. */
    private JsonObject access(Person person) throws IOException, InterruptedException {
        String node = ThreadLocalRandom.current().nextBoolean() ? "a" : "b";
        long asked = System.nanoTime();
        Reply reply;
        try {
            reply = Http.at("http://localhost:" + ports.get(node))
                    .with("Authorization", "Bearer key-all")
                    .postJson(
                            "/api/v1/access",
                            "{\"connector\":\"" + person.connector() + "\",\"subject\":\"" + person.subject() + "\"}");
        } catch (IOException e) {
            provider.count("questions to a node that was killed");
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        if (reply.status() != 200) {
            boolean served = reply.status() == 503 && reply.body().contains("no-fresh-token");
            if (!served && up.contains(node)) {
                faults.add(person.subject() + " was answered " + reply.status() + " " + reply.body());
            }
            provider.count(served ? "answers that no token can be had" : "questions to a node that starts");
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        JsonObject answer = Api.json(reply);
        if (answer.containsKey("access_token")) {
            use(person, answer.getString("access_token"), asked);
        }
        return answer;
    }

    private void use(Person person, String token, long asked) throws IOException, InterruptedException {
        int family = provider.family(token);
        subjects.put(family, person.subject());
        int status = provider.use(ASK.getOrDefault(person.connector(), ""), token);
        long used = System.nanoTime();
        if (status == 200) {
            provider.count("handed out and taken");
            return;
        }
        Judgement judgement = status == 401 ? provider.judge(token, asked, used, PROOF) : Judgement.DEAD;
        provider.count("handed out and refused: " + judgement.name().toLowerCase(Locale.ROOT));
        if (judgement == Judgement.DEAD) {
            faults.add(person.subject() + " got a token that the sandbox answered " + status);
        }
    }

    /** Takes the tokens without an end back at the provider, now and then. */
    private void takeBack() throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(12);
        provider.takeBack();
    }

    /** A user's trip to the provider; a node may be killed meanwhile, and then there is another one later. */
    private void travel(Person person) throws InterruptedException {
        try {
            JsonObject answer = access(person);
            if (!answer.containsKey("link")) {
                return;
            }
            var visitor = new Visitor();
            Reply page = visitor.get(answer.getJsonObject("link").getString("url"));
            Reply leaving = visitor.submit(page, BUTTON.getOrDefault(person.connector(), ""));
            Reply back = visitor.allow(leaving.location(), SandboxAccount.ALICE);
            visitor.get(back.location());
            provider.count("trips");
        } catch (IOException | NoSuchElementException | AssertionError e) {
            provider.count("trips that broke off");
        }
    }

    // Nodes

    private void startNode(String name) throws IOException, InterruptedException {
        String incarnation = name + "-" + deaths.size();
        Map<String, String> configuration =
                new HashMap<>(Objects.requireNonNull(configurations.get(name), "known node"));
        configuration.put("http.proxyPort", String.valueOf(provider.gate(incarnation)));
        incarnations.put(name, incarnation);
        nodes.put(name, Node.start(Objects.requireNonNull(ports.get(name)), configuration));
        up.add(name);
    }

    /** While it refreshes, where that can be had. */
    private void killAndReplace(String name) throws Exception {
        String incarnation = Objects.requireNonNull(incarnations.get(name));
        for (int look = 0; look < 3000 && !provider.refreshes(incarnation); look++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (provider.refreshes(incarnation)) {
            provider.count("nodes killed while they refreshed");
        }
        provider.count("nodes killed");
        up.remove(name);
        Objects.requireNonNull(nodes.get(name)).kill();
        deaths.add(new Death(
                incarnation, new HashSet<>(column("SELECT subject FROM user_grant WHERE lease_owner IS NOT NULL"))));
        startNode(name);
    }

    private Map<String, String> configuration(Path data, Path sandboxData, PostgreSql.Database where)
            throws IOException {
        Path file = data.resolve("connectors.yaml");
        try (var declared = Objects.requireNonNull(GrantLifeSoak.class.getResourceAsStream("/soak-connectors.yaml"))) {
            Files.writeString(
                    file,
                    new String(declared.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("PROVIDER", sandboxData.toString())
                            .replace("PROOF", PROOF.toString())
                            .replace("BOT", bot.url()));
        }
        return new HashMap<>(Map.of(
                "grantbook.public-url", Deployments.base(),
                "grantbook.data", data.toString(),
                "grantbook.sandbox.enabled", "true",
                "grantbook.connectors.file", file.toString(),
                "grantbook.database.url", where.url(),
                "grantbook.database.user", where.user(),
                "grantbook.database.password", where.password(),
                "soak.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    }

    // What must be so in the end

    /** A message waits longer the longer it was not taken. */
    private void awaitDeliveries() throws Exception {
        for (int second = 0; second < 600; second++) {
            if (rows("SELECT id FROM delivery WHERE state = 'WAITING'").isEmpty()) {
                return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /**
     * A refresh token is presented once. When its answer did not arrive, or its node was killed before it could store
     * it, nobody can know whether it was used up, and it is presented once more.
     */
    private void checkRefreshTokens() {
        provider.presented().forEach((token, times) -> {
            for (int i = 0; i < times.size() - 1; i++) {
                Presented time = times.get(i);
                String subject = subjects.getOrDefault(provider.familyOfRefreshToken(token), "?");
                boolean killed = deaths.stream()
                        .anyMatch(death -> death.node().equals(time.node())
                                && death.leased().contains(subject));
                if (!time.arrived() || killed) {
                    provider.count("refresh tokens presented again since nobody knew what became of them");
                } else {
                    faults.add("a refresh token of " + subject + " was presented again: " + times);
                }
            }
            provider.count("refresh tokens presented");
        });
    }

    private void checkDeliveries() throws SQLException {
        // What happened is to be told.
        var happened = new TreeMap<String, Integer>();
        for (List<String> row : rows("SELECT grant_id, kind FROM grant_event")) {
            String type = TOLD_AS.get(row.get(1));
            if (type != null) {
                happened.merge(row.get(0) + " " + type, 1, Integer::sum);
            }
        }
        var written = new TreeMap<String, Integer>();
        var numbers = new HashMap<String, Long>();
        var lines = new HashMap<String, String>();
        var bodies = new HashMap<String, String>();
        for (List<String> row : rows("SELECT line, type, id, number, body, state FROM delivery")) {
            if (!row.get(1).equals("grant.shortfall") && row.get(1).startsWith("grant.")) {
                written.merge(row.get(0) + " " + row.get(1), 1, Integer::sum);
            }
            lines.put(row.get(2), row.get(0));
            numbers.put(row.get(2), Long.valueOf(row.get(3)));
            bodies.put(row.get(2), row.get(4));
            if (!row.get(5).equals("DELIVERED")) {
                faults.add("not delivered in the end: " + row);
            }
        }
        if (!happened.equals(written)) {
            faults.add("history and messages differ: " + happened + " / " + written);
        }
        // What is to be told has arrived, in its order, and always the same.
        var taken = new HashSet<String>();
        var last = new HashMap<String, Long>();
        var seen = new HashSet<String>();
        for (SoakBot.Arrival arrival : bot.arrivals()) {
            String id = arrival.id();
            if (!arrival.body().equals(bodies.get(id))) {
                faults.add("told what is not in the outbox: " + arrival);
                continue;
            }
            if (seen.add(id)) {
                Long before = last.put(Objects.requireNonNull(lines.get(id)), Objects.requireNonNull(numbers.get(id)));
                if (before != null && before > numbers.get(id)) {
                    faults.add("told out of turn: " + arrival);
                }
            } else {
                provider.count(
                        taken.contains(id) ? "messages that came again though taken" : "messages that came again");
            }
            if (arrival.taken()) {
                taken.add(id);
            }
        }
        for (String id : numbers.keySet()) {
            if (!taken.contains(id)) {
                faults.add("never taken: " + bodies.get(id));
            }
        }
        for (int i = 0; i < numbers.size(); i++) {
            provider.count("messages");
        }
    }

    private void report() throws IOException {
        var text = new StringBuilder("Soak of " + LENGTH + ", two nodes, " + people.size() + " grants, " + CALLERS
                + " callers; a proof holds for " + PROOF + "\n");
        provider.counts().forEach((what, count) -> text.append(String.format("%8d  %s%n", count, what)));
        text.append(String.format("%8d  faults%n", faults.size()));
        faults.stream()
                .limit(50)
                .forEach(fault -> text.append("          ").append(fault).append('\n'));
        Files.writeString(Path.of("target", "soak-report.txt"), text);
        System.out.println(text);
    }

    // Helpers

    private List<List<String>> rows(String query) throws SQLException {
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement();
                var found = statement.executeQuery(query)) {
            var all = new ArrayList<List<String>>();
            while (found.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(found.getString(i)));
                }
                all.add(row);
            }
            return all;
        }
    }

    private List<String> column(String query) throws SQLException {
        return rows(query).stream().map(row -> row.get(0)).toList();
    }

    private static void pauseUntil(long moment) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(moment - System.nanoTime());
    }
}
