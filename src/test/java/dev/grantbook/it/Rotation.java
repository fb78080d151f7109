package dev.grantbook.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.grantbook.oauth.Parameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A standard OAuth server on 127.0.0.1 whose refresh tokens work once, and which can keep a refresh waiting. Codes and tokens
 * belong to whoever stands at the end of them, behind the last dash.
 */
final class Rotation implements AutoCloseable {

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> spent = new ArrayList<>();
    private final Map<String, Integer> turns = new HashMap<>();
    private @Nullable Held held;

    /** A refresh that waits, before its token is used up. */
    record Held(CountDownLatch asked, CountDownLatch free) {

        void awaitQuestion() throws InterruptedException {
            if (!asked.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody asked");
            }
        }
    }

    Rotation() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/default/token", this::token);
        http.createContext("/default/userinfo", exchange -> {
            String bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, 200, "{\"sub\":\"" + owner(bearer) + "\"}");
        });
        http.createContext("/default/revoke", exchange -> answer(exchange, 200, "{}"));
        http.start();
    }

    String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Keeps the next refresh waiting until it is let go, or its caller is gone. */
    synchronized Held holdNext() {
        var next = new Held(new CountDownLatch(1), new CountDownLatch(1));
        held = next;
        return next;
    }

    /** The refresh tokens of somebody that were used up, in turn. */
    synchronized List<String> spent(String owner) {
        return spent.stream().filter(token -> owner(token).equals(owner)).toList();
    }

    private void token(HttpExchange exchange) throws IOException {
        Parameters form =
                Parameters.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String refreshToken = form.get("refresh_token");
        if (refreshToken == null) {
            answer(exchange, 200, tokens(owner(String.valueOf(form.get("code")))));
            return;
        }
        if (!wait(taken())) {
            exchange.close();
            return;
        }
        if (spend(refreshToken)) {
            answer(exchange, 200, tokens(owner(refreshToken)));
        } else {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        }
    }

    private synchronized @Nullable Held taken() {
        Held now = held;
        held = null;
        return now;
    }

    /** @return false when nobody let it go, so that the refresh token stays as it is */
    private static boolean wait(@Nullable Held waiting) {
        if (waiting == null) {
            return true;
        }
        waiting.asked().countDown();
        try {
            return waiting.free().await(5, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized boolean spend(String refreshToken) {
        boolean first = !spent.contains(refreshToken);
        spent.add(refreshToken);
        return first;
    }

    private synchronized String tokens(String owner) {
        int turn = turns.merge(owner, 1, Integer::sum);
        return "{\"access_token\":\"access-" + turn + "-" + owner + "\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                + "\"refresh_token\":\"refresh-" + turn + "-" + owner + "\"}";
    }

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
