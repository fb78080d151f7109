package dev.grantbook.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.grantbook.oauth.Parameters;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox as the soak's provider, in a process of its own that nobody kills. Each node reaches it through a gate of
 * its own, so that it is known who asked what, when, and whether the answer arrived. Gates also make trouble. All times
 * are of one clock, {@link System#nanoTime}.
 */
final class SoakProvider implements AutoCloseable {

    /** A node that waits longer has given up. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What takes longer is not delivered at all, so that nobody has to guess whether the node still listened. */
    private static final Duration SLOWEST = Duration.ofSeconds(6);

    private static final String TOKEN = "/sandbox/at/oauth2/token";

    /** What a connection says about itself, and what the JDK writes by itself. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "proxy-connection",
            "transfer-encoding",
            "upgrade");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Random random = new Random(4);
    private final List<HttpServer> servers = new ArrayList<>();
    private final String sandbox;

    private final Map<String, List<Presented>> presented = new HashMap<>();
    private final Map<String, Integer> families = new HashMap<>();
    private final Map<String, Life> lives = new HashMap<>();
    private final Map<Integer, Long> ended = new HashMap<>();
    private final Map<String, Integer> refreshing = new HashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int known;
    private volatile boolean troubled = true;
    private volatile long lastTakenBack = System.nanoTime();

    /** @param sandbox where the process is */
    SoakProvider(String sandbox) {
        this.sandbox = sandbox;
    }

    /**
     * A refresh token that reached the sandbox.
     *
     * @param node as it was started: a node that was killed has another name when it is back
     * @param arrived whether the answer reached the node
     */
    record Presented(String node, boolean arrived) {}

    /**
     * What is known of an access token.
     *
     * @param from the moment before the sandbox made it
     * @param to the moment after
     * @param length null when it has no end
     */
    private record Life(long from, long to, @Nullable Long length, int family) {}

    /** What a token that the sandbox refused was when it was handed out. */
    enum Judgement {
        ENDED_BY_ITSELF_MEANWHILE,
        ENDED_AT_THE_PROVIDER_MEANWHILE,
        ENDED_AT_THE_PROVIDER_SINCE_ITS_PROOF,
        DEAD
    }

    /** An address that leads a node to the sandbox, as its HTTP proxy. */
    int gate(String node) throws IOException {
        return serve(0, exchange -> gate(node, exchange));
    }

    /** The one public address: the sandbox's pages are there, and the nodes behind it in turn. */
    void front(int port, List<String> nodes) throws IOException {
        serve(port, exchange -> {
            String path = exchange.getRequestURI().getRawPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.startsWith("/sandbox/")) {
                answer(exchange, forward(exchange, body, sandbox));
                return;
            }
            int first = number(nodes.size());
            try {
                answer(exchange, forward(exchange, body, nodes.get(first)));
            } catch (IOException e) {
                answer(exchange, forward(exchange, body, nodes.get((first + 1) % nodes.size())));
            }
        });
    }

    private int serve(int port, Work work) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                work.on(exchange);
            } catch (IOException e) {
                // Whoever asked sees the connection end, and counts what became of it.
                count("connections that broke off");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    /** What is done with a request. */
    private interface Work {
        void on(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void gate(String node, HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getRawPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!path.startsWith("/sandbox/")) {
            answer(
                    exchange,
                    forward(exchange, body, "http://" + exchange.getRequestURI().getRawAuthority()));
            return;
        }
        Parameters form = Parameters.parse(
                path.equals(TOKEN) || path.endsWith("/access_token") ? new String(body, StandardCharsets.UTF_8) : "");
        String refreshToken = form.get("refresh_token");
        Trouble trouble = refreshToken == null ? Trouble.NONE : trouble(exchange);
        trouble.wait(random(300, 1500));
        if (trouble == Trouble.HANGS) {
            TimeUnit.SECONDS.sleep(PATIENCE.toSeconds() + 1);
            return;
        }
        if (trouble == Trouble.AWAY) {
            exchange.sendResponseHeaders(503, -1);
            return;
        }
        long from = System.nanoTime();
        Runnable done = refreshToken == null ? () -> {} : present(node, refreshToken);
        try {
            HttpResponse<byte[]> reply = forward(exchange, body, sandbox);
            note(form, reply, from, System.nanoTime());
            if (trouble == Trouble.LOSES_THE_ANSWER || System.nanoTime() - from > SLOWEST.toNanos()) {
                count("answers that were lost");
                return;
            }
            answer(exchange, reply);
            if (refreshToken != null) {
                arrived(node, refreshToken);
            }
        } finally {
            done.run();
        }
    }

    // What goes wrong

    /** What goes wrong with a refresh. */
    private enum Trouble {
        NONE,
        SLOW,
        AWAY,
        HANGS,
        LOSES_THE_ANSWER;

        /** @param dice from 0 to 99 */
        static Trouble of(int dice, boolean flaky) {
            if (dice < 17) {
                return SLOW;
            }
            if (!flaky || dice >= 35) {
                return NONE;
            }
            return dice < 29 ? AWAY : dice < 32 ? HANGS : LOSES_THE_ANSWER;
        }

        void wait(int millis) throws InterruptedException {
            if (this == SLOW) {
                TimeUnit.MILLISECONDS.sleep(millis);
            }
        }
    }

    private Trouble trouble(HttpExchange exchange) {
        Trouble trouble = troubled ? Trouble.of(number(100), client(exchange).startsWith("flaky")) : Trouble.NONE;
        count("refreshes, trouble: " + trouble.name().toLowerCase(Locale.ROOT));
        return trouble;
    }

    private static String client(HttpExchange exchange) {
        String basic = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        return new String(Base64.getDecoder().decode(basic.replace("Basic ", "")), StandardCharsets.UTF_8);
    }

    void calmDown() {
        troubled = false;
    }

    // What is known

    /** @return to be run when the sandbox is done with it */
    private synchronized Runnable present(String node, String refreshToken) {
        List<Presented> before = presented.computeIfAbsent(refreshToken, unknown -> new ArrayList<>());
        Integer family = families.get(refreshToken);
        boolean reused = !before.isEmpty() && family != null;
        before.add(new Presented(node, false));
        refreshing.merge(node, 1, Integer::sum);
        if (reused) {
            ended.putIfAbsent(family, Long.MAX_VALUE);
        }
        return () -> done(node, reused ? family : null);
    }

    private synchronized void done(String node, @Nullable Integer endedFamily) {
        refreshing.merge(node, -1, Integer::sum);
        if (endedFamily != null) {
            ended.computeIfPresent(endedFamily, (one, at) -> at == Long.MAX_VALUE ? System.nanoTime() : at);
        }
    }

    private synchronized void arrived(String node, String refreshToken) {
        List<Presented> all = presented.getOrDefault(refreshToken, List.of());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).equals(new Presented(node, false))) {
                all.set(i, new Presented(node, true));
                return;
            }
        }
    }

    private synchronized void note(Parameters form, HttpResponse<byte[]> reply, long from, long to) {
        if (!form.names().iterator().hasNext() || reply.statusCode() != 200) {
            return;
        }
        JsonObject tokens = json(new String(reply.body(), StandardCharsets.UTF_8));
        if (!tokens.containsKey("access_token")) {
            return;
        }
        Integer shown = families.get(String.valueOf(form.get("refresh_token")));
        int family = shown == null ? ++known : shown;
        Long length = tokens.containsKey("expires_in")
                ? Duration.ofSeconds(tokens.getInt("expires_in")).toNanos()
                : null;
        lives.put(tokens.getString("access_token"), new Life(from, to, length, family));
        if (tokens.containsKey("refresh_token")) {
            families.put(tokens.getString("refresh_token"), family);
        }
        count(shown == null ? "tokens after a trip" : "tokens after a refresh");
    }

    /** Whether the sandbox has a refresh of this node in its hands at the moment. */
    synchronized boolean refreshes(String node) {
        return refreshing.getOrDefault(node, 0) > 0;
    }

    /** All tokens that came of one trip. */
    synchronized int family(String accessToken) {
        Life life = lives.get(accessToken);
        return life == null ? -1 : life.family();
    }

    /** Takes back at the provider all tokens without an end: one account has granted them all. Nobody is told. */
    void takeBack() throws IOException, InterruptedException {
        long from = System.nanoTime();
        takenBack(Long.MAX_VALUE);
        HttpResponse<Void> reply = client.send(
                HttpRequest.newBuilder(URI.create(sandbox + "/sandbox/at/github/authorizations"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(BodyPublishers.ofString("client_id=lasting-client&account=" + SandboxAccount.ALICE.id))
                        .build(),
                BodyHandlers.discarding());
        if (reply.statusCode() != 303) {
            throw new IllegalStateException("the sandbox takes nothing back: " + reply.statusCode());
        }
        takenBack(System.nanoTime());
        lastTakenBack = from;
    }

    /** What the sandbox made while it took others back may have ended with them, or with the next ones. */
    private synchronized void takenBack(long at) {
        for (Life life : lives.values()) {
            if (life.length() == null && life.to() - lastTakenBack > 0) {
                ended.put(life.family(), at);
                if (at != Long.MAX_VALUE) {
                    count("tokens taken back at the provider");
                }
            }
        }
    }

    /** What the sandbox says to a token. */
    int use(String path, String accessToken) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(sandbox + path))
                                .header("Authorization", "Bearer " + accessToken)
                                .header("User-Agent", "bot")
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    /**
     * Judges a token that the sandbox refused.
     *
     * @param asked the moment before Grantbook was asked for it
     * @param refused the moment after the sandbox refused it
     * @param proof how old a proof may be that a token works
     */
    synchronized Judgement judge(String accessToken, long asked, long refused, Duration proof) {
        Life life = lives.get(accessToken);
        if (life == null) {
            return Judgement.DEAD;
        }
        if (life.length() != null && life.from() + life.length() <= refused) {
            return life.to() + life.length() >= asked ? Judgement.ENDED_BY_ITSELF_MEANWHILE : Judgement.DEAD;
        }
        Long end = ended.get(life.family());
        if (end == null || end < asked - proof.toNanos()) {
            return Judgement.DEAD;
        }
        return end >= asked
                ? Judgement.ENDED_AT_THE_PROVIDER_MEANWHILE
                : Judgement.ENDED_AT_THE_PROVIDER_SINCE_ITS_PROOF;
    }

    /** Every refresh token that reached the sandbox, by its family and how it was presented. */
    synchronized Map<String, List<Presented>> presented() {
        return Map.copyOf(presented);
    }

    synchronized int familyOfRefreshToken(String refreshToken) {
        return families.getOrDefault(refreshToken, -1);
    }

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    // Passing on

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body, String base)
            throws IOException, InterruptedException {
        URI asked = exchange.getRequestURI();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + asked.getRawPath() + query))
                .timeout(Duration.ofSeconds(60))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> reply) throws IOException {
        reply.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        exchange.sendResponseHeaders(reply.statusCode(), reply.body().length == 0 ? -1 : reply.body().length);
        if (reply.body().length > 0) {
            exchange.getResponseBody().write(reply.body());
        }
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IllegalStateException("the sandbox's answer is no JSON", e);
        }
    }

    private int random(int from, int to) {
        return from + number(to - from);
    }

    private synchronized int number(int bound) {
        return random.nextInt(bound);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
