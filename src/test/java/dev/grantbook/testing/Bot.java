package dev.grantbook.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bot on 127.0.0.1 that is told things, and answers as a test wants. */
public final class Bot implements AutoCloseable {

    /** Never answers, until it is closed. */
    public static final int HANGS = 0;

    /** Seconds; a failed message comes again after five, and a killed node is missed after thirty. */
    private static final int PATIENCE = 120;

    /** What the bot was told. */
    public record Message(String id, String timestamp, String signature, String contentType, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Message> unread = new LinkedBlockingQueue<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String retryAfter;

    public Bot() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/told", this::take);
        server.start();
    }

    /** What it says to the next messages; 204 to all after them. */
    public void answers(Integer... statuses) {
        answers.addAll(List.of(statuses));
    }

    /** What its answers say in {@code Retry-After} from now on. */
    public void retryAfter(String value) {
        retryAfter = value;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/told");
    }

    public List<Message> messages() {
        return messages;
    }

    /** Waits for the next message that nobody has looked at. */
    public Message next() throws InterruptedException {
        Message message = unread.poll(PATIENCE, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("the bot was told nothing more; so far " + messages);
        }
        return message;
    }

    private void take(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        var message = new Message(
                String.valueOf(headers.getFirst("webhook-id")),
                String.valueOf(headers.getFirst("webhook-timestamp")),
                String.valueOf(headers.getFirst("webhook-signature")),
                String.valueOf(headers.getFirst("Content-Type")),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        // First: what a test that has seen the message sets up then is for the next one.
        Integer status = answers.poll();
        messages.add(message);
        unread.add(message);
        if (status != null && status == HANGS) {
            hang();
            return;
        }
        if (status != null && status == 302) {
            exchange.getResponseHeaders().add("Location", url().toString());
        }
        String pause = retryAfter;
        if (pause != null) {
            exchange.getResponseHeaders().add("Retry-After", pause);
        }
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
