package dev.grantbook.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
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
 * A standard OAuth server on 127.0.0.1 whose refresh tokens work once, and which can keep its callers waiting. Codes
 * and tokens belong to whoever stands at the end of them, behind the last dash.
 */
final class Rotation implements AutoCloseable {

    /** Seconds; a round comes each second, and a killed node is missed after three. */
    private static final int PATIENCE = 60;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> spent = new ArrayList<>();
    private final Map<String, Integer> turns = new HashMap<>();
    private final List<String> ended = new ArrayList<>();
    private @Nullable Held held;
    private @Nullable Held heldEnd;

    /** A call that waits, before anything comes of it. */
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
        http.createContext("/default/revoke", this::revoke);
        http.start();
    }

    /** Beside the OAuth server, what its tokens are for. */
    void serve(String path, HttpHandler api) {
        http.createContext(path, api);
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
        return of(spent, owner);
    }

    /** Keeps the next call that tells of an end waiting until it is let go, or its caller is gone. */
    synchronized Held holdNextEnd() {
        var next = new Held(new CountDownLatch(1), new CountDownLatch(1));
        heldEnd = next;
        return next;
    }

    /** Waits until so many of somebody's tokens have ended here. */
    List<String> awaitEnds(String owner, int many) throws InterruptedException {
        return await(ended, owner, many);
    }

    /** Waits until so many of somebody's refresh tokens were used up. */
    List<String> awaitSpent(String owner, int many) throws InterruptedException {
        return await(spent, owner, many);
    }

    private synchronized List<String> await(List<String> all, String owner, int many) throws InterruptedException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        List<String> found = of(all, owner);
        while (found.size() < many) {
            long left = TimeUnit.NANOSECONDS.toMillis(patience - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("only these came: " + found);
            }
            wait(left);
            found = of(all, owner);
        }
        return found;
    }

    private static List<String> of(List<String> all, String owner) {
        return all.stream().filter(token -> owner(token).equals(owner)).toList();
    }

    private void revoke(HttpExchange exchange) throws IOException {
        Parameters form =
                Parameters.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (!wait(takenEnd())) {
            exchange.close();
            return;
        }
        synchronized (this) {
            ended.add(String.valueOf(form.get("token")));
            notifyAll();
        }
        answer(exchange, 200, "{}");
    }

    private synchronized @Nullable Held takenEnd() {
        Held now = heldEnd;
        heldEnd = null;
        return now;
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
        notifyAll();
        return first;
    }

    private synchronized String tokens(String owner) {
        int turn = turns.merge(owner, 1, Integer::sum);
        return "{\"access_token\":\"" + Secrets.noted("access-" + turn + "-" + owner)
                + "\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\""
                + Secrets.noted("refresh-" + turn + "-" + owner) + "\"}";
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
