package dev.grantbook.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Servers on 127.0.0.1 that behave as badly as a test wants. */
public final class Loopback implements AutoCloseable {

    private static final int CHUNK = 1024;

    /** What a client sent. */
    public record Request(
            String method, URI uri, String contentType, String authorization, String accept, String body) {}

    /** How a server answers an exchange. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** How a server treats a bare connection. */
    interface Conversation {
        void with(Socket socket) throws Exception;
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final URI address;
    private final AutoCloseable server;

    private Loopback(AutoCloseable server, int port) {
        this.server = server;
        this.address = URI.create("http://127.0.0.1:" + port);
    }

    static Loopback answering(Answer answer) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var loopback = new Loopback(() -> http.stop(0), http.getAddress().getPort());
            http.setExecutor(loopback.threads);
            http.createContext("/", exchange -> {
                loopback.note(exchange);
                answer.to(exchange);
                exchange.close();
            });
            http.start();
            return loopback;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Loopback answering(int status, String type, String body) {
        return answering(exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    public static Loopback json(int status, String body) {
        return answering(status, "application/json", body);
    }

    static Loopback talking(Conversation conversation) {
        try {
            ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            var loopback = new Loopback(socket, socket.getLocalPort());
            loopback.threads.execute(() -> {
                try (Socket client = socket.accept()) {
                    conversation.with(client);
                } catch (Exception e) {
                    // The other side hung up, which is what these tests are about.
                    loopback.threads.shutdown();
                }
            });
            return loopback;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An address where nobody listens. */
    static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    /** A body of any length, written in small pieces with a pause between them. */
    static Answer dripping(long length, long pause) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, length);
            byte[] piece = " ".repeat(CHUNK).getBytes(StandardCharsets.US_ASCII);
            try (var out = exchange.getResponseBody()) {
                for (long sent = 0; length == 0 || sent < length; sent += CHUNK) {
                    out.write(piece);
                    out.flush();
                    Thread.sleep(pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    public URI address() {
        return address;
    }

    public List<Request> requests() {
        return requests;
    }

    public Request request() {
        return requests.get(0);
    }

    private void note(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        requests.add(new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                String.valueOf(headers.getFirst("Content-Type")),
                String.valueOf(headers.getFirst("Authorization")),
                String.valueOf(headers.getFirst("Accept")),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }
}
