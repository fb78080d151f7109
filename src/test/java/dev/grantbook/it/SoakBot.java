package dev.grantbook.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A bot that is told things, and does not always take them. */
final class SoakBot implements AutoCloseable {

    /** What it was told, and whether it said that it took it. */
    record Arrival(String id, String body, boolean taken) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Random random = new Random(4);
    private boolean troubled = true;

    SoakBot() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/told", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/told";
    }

    synchronized void calmDown() {
        troubled = false;
    }

    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String id = String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id"));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = arrived(id, body);
            if (status == 0) {
                // Longer than the nodes wait, and then the connection ends.
                TimeUnit.SECONDS.sleep(3);
                return;
            }
            if (status == 503) {
                exchange.getResponseHeaders().add("Retry-After", "7");
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int arrived(String id, String body) {
        int dice = troubled ? random.nextInt(100) : 100;
        int status = dice < 6 ? 500 : dice < 9 ? 503 : dice < 11 ? 0 : 204;
        arrivals.add(new Arrival(id, body, status == 204));
        return status;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
