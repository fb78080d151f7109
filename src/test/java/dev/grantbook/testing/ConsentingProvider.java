package dev.grantbook.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.grantbook.oauth.Parameters;
import jakarta.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A standard OAuth server on 127.0.0.1 that consents at once, to a new user for each new browser. It redeems a code
 * once and checks the client's secret, the redirect URI and the PKCE verifier, and counts the calls that relying
 * parties send it.
 */
public final class ConsentingProvider implements AutoCloseable {

    public static final String CLIENT = "client";
    public static final String SECRET = "secret-of-the-client";

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));

    private record Consent(String user, String scope, String redirectUri, String challenge) {}

    private static final Pattern USER = Pattern.compile("\\bprovider-user=(u\\d+)");

    private final Set<String> leftOut;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Consent> codes = new ConcurrentHashMap<>();
    /** What each user granted last. */
    private final Map<String, String> granted = new ConcurrentHashMap<>();

    private final AtomicInteger consents = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();

    /** @param leftOut scopes that users leave out at first, and grant when they are asked again */
    public ConsentingProvider(String... leftOut) throws IOException {
        this.leftOut = Set.of(leftOut);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        http.setExecutor(threads);
        http.createContext("/authorize", this::authorize);
        http.createContext("/token", counted(this::token));
        http.createContext("/userinfo", counted(exchange -> {
            String owner = owner(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            answer(exchange, 200, "{\"sub\":\"" + owner + "\",\"name\":\"User " + owner + "\"}");
        }));
        http.createContext("/api", counted(ConsentingProvider::repeat));
        http.start();
    }

    public String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** How many requests came so far, those of browsers not counted. */
    public int calls() {
        return calls.get();
    }

    private HttpHandler counted(HttpHandler handler) {
        return exchange -> {
            calls.incrementAndGet();
            handler.handle(exchange);
        };
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Parameters query = Parameters.parse(exchange.getRequestURI().getRawQuery());
        Matcher known = USER.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Cookie")));
        boolean again = known.find();
        int number = consents.incrementAndGet();
        String user = again ? known.group(1) : "u" + number;
        String scope = Stream.of(String.valueOf(query.get("scope")).split(" ", -1))
                .filter(one -> again || !leftOut.contains(one))
                .collect(Collectors.joining(" "));
        String code = "code-" + number + "-" + user;
        String redirectUri = String.valueOf(query.get("redirect_uri"));
        codes.put(code, new Consent(user, scope, redirectUri, String.valueOf(query.get("code_challenge"))));
        var back = new Parameters().with("code", code).with("state", query.get("state"));
        exchange.getResponseHeaders().set("Set-Cookie", "provider-user=" + user + "; Path=/; SameSite=Lax");
        exchange.getResponseHeaders().set("Location", redirectUri + "?" + back.encoded());
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Parameters form =
                Parameters.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (!BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        String refreshToken = form.get("refresh_token");
        Consent consent = codes.remove(String.valueOf(form.get("code")));
        if (refreshToken != null) {
            answer(exchange, 200, tokens(owner(refreshToken)));
        } else if (consent != null && redeems(form, consent)) {
            granted.put(consent.user(), consent.scope());
            answer(exchange, 200, tokens(consent.user()));
        } else {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        }
    }

    private static boolean redeems(Parameters form, Consent consent) {
        return Objects.equals(form.get("redirect_uri"), consent.redirectUri())
                && challenge(String.valueOf(form.get("code_verifier"))).equals(consent.challenge());
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Says what came. */
    private static void repeat(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String sent = (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip();
        answer(
                exchange,
                200,
                Json.createObjectBuilder()
                        .add("assets", Json.createArrayBuilder())
                        .add("sent", sent)
                        .build()
                        .toString());
    }

    private String tokens(String user) {
        String end = tokens.incrementAndGet() + "-" + user;
        return "{\"access_token\":\"access-" + end + "\",\"token_type\":\"Bearer\",\"expires_in\":86400,"
                + "\"refresh_token\":\"refresh-" + end + "\",\"scope\":\"" + granted.get(user) + "\"}";
    }

    /** Tokens name their user behind the last dash. */
    private static String owner(String token) {
        return token.substring(token.lastIndexOf('-') + 1);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
