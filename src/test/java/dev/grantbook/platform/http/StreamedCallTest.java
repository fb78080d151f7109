package dev.grantbook.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.grantbook.platform.http.OutboundHttp.Bounds;
import dev.grantbook.platform.http.OutboundHttp.Streamed;
import dev.grantbook.platform.http.OutboundHttp.Upload;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.testing.Configuration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies that are on their way, in both directions, and where they end. */
class StreamedCallTest {

    private static final Bounds USUAL = new Bounds(Duration.ofSeconds(60), 1000);

    @RegisterExtension
    final Configuration configuration = new Configuration().with("grantbook.sandbox.enabled", "true");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private final OutboundHttp http = TestHttp.with(configuration.settings());
    private final HttpServer server = server();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aBodyGoesOutWhileItStillComesIn() throws Exception {
        var in = new PipedInputStream();
        // Bare, since the server of the JDK reads ahead of its handler.
        try (var bare = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var from = new PipedOutputStream(in)) {
            URI target = URI.create("http://127.0.0.1:" + bare.getLocalPort() + "/");
            Future<Streamed> call = threads.submit(
                    () -> http.stream(new OutboundRequest().method("POST"), target, new Upload(in, -1), USUAL));
            try (var socket = bare.accept()) {
                from.write("one".getBytes(StandardCharsets.US_ASCII));
                from.flush();
                assertThat(readTo(socket.getInputStream(), "one")).contains("Transfer-Encoding: chunked");
                assertThat(call).isNotDone();
            }
        }
    }

    private static String readTo(InputStream in, String end) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("what came before the end: " + read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    @Test
    void aReplyComesInWhileItIsStillWritten() throws Exception {
        var read = new CountDownLatch(1);
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("one".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            await(read);
            exchange.getResponseBody().write("two".getBytes(StandardCharsets.US_ASCII));
        });
        try (InputStream body = call("GET", null, USUAL).body()) {
            assertThat(body.readNBytes(3)).asString().isEqualTo("one");
            read.countDown();
            assertThat(body.readAllBytes()).asString().isEqualTo("two");
        }
    }

    @Test
    void aLongBodyArrivesWholeAndWithItsLength() throws Exception {
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        byte[] sent = new byte[3_000_000];
        Arrays.fill(sent, (byte) 'x');
        serve(exchange -> {
            arrived.add(exchange.getRequestHeaders().getFirst("Content-Length") + " "
                    + Arrays.equals(sent, exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
        });

        Streamed reply = call(
                "PUT",
                new Upload(new ByteArrayInputStream(sent), sent.length),
                new Bounds(Duration.ofSeconds(60), sent.length));

        assertThat(reply.status()).isEqualTo(204);
        assertThat(arrived.poll(60, TimeUnit.SECONDS)).isEqualTo("3000000 true");
    }

    @Test
    void aBodyThatIsTooLongNeverComesToItsEnd() {
        BlockingQueue<Boolean> whole = new LinkedBlockingQueue<>();
        serve(exchange -> {
            try {
                exchange.getRequestBody().readAllBytes();
                whole.add(true);
            } catch (IOException e) {
                whole.add(false);
                throw e;
            }
        });

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> call("POST", new Upload(new ByteArrayInputStream(new byte[1001]), -1), USUAL))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(413));
        assertThat(whole).doesNotContain(true);
    }

    @Test
    void aBodyThatBreaksOffIsToldAsThat() {
        serve(exchange -> exchange.getRequestBody().readAllBytes());
        InputStream broken = new PipedInputStream();

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> call("POST", new Upload(broken, -1), USUAL))
                .satisfies(refused -> assertThat(refused.problem().faults())
                        .containsExactly(new Problem.FieldFault("body", "broke off")));
    }

    @Test
    void aReplyThatSaysThatItIsTooLongIsNotBegun() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 1001);
            exchange.getResponseBody().write(new byte[1001]);
        });

        assertThatIOException()
                .isThrownBy(() -> call("GET", null, USUAL))
                .withMessage("the reply is larger than 1000 bytes");
    }

    @Test
    void aReplyThatTurnsOutTooLongBreaksOff() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[1001]);
        });
        try (InputStream body = call("GET", null, USUAL).body()) {
            assertThatIOException().isThrownBy(body::readAllBytes).withMessage("the reply is larger than it may be");
        }
    }

    @Test
    void aReplyOfTheLargestSizeIsWhole() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[1000]);
        });
        try (InputStream body = call("GET", null, USUAL).body()) {
            assertThat(body.readAllBytes()).hasSize(1000);
        }
    }

    @Test
    void aProviderThatDoesNotAnswerIsNotWaitedFor() {
        serve(exchange -> await(over));

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> call("GET", null, new Bounds(Duration.ofMillis(200), 1000)));
    }

    @Test
    void aProviderThatTakesNoBodyIsNotWaitedFor() {
        serve(exchange -> await(over));
        byte[] moreThanAnyBuffer = new byte[50_000_000];

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> call(
                        "POST",
                        new Upload(new ByteArrayInputStream(moreThanAnyBuffer), -1),
                        new Bounds(Duration.ofMillis(500), moreThanAnyBuffer.length)));
    }

    @Test
    void aReplyThatStallsBreaksOff() throws Exception {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("one".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            await(over);
        });
        Duration time = Duration.ofMillis(250);
        boolean begun = false;
        while (!begun) {
            time = time.multipliedBy(2);
            try (InputStream body = call("GET", null, new Bounds(time, 1000)).body()) {
                assertThat(body.readNBytes(3)).asString().isEqualTo("one");
                begun = true;
                assertThatIOException().isThrownBy(body::read);
            } catch (IOException e) {
                assertThat(time).as("on a busy machine").isLessThan(Duration.ofMinutes(1));
            }
        }
    }

    @Test
    @DisplayName("2.6 A body that is passed on stays in the encoding that it came in, and none is asked for")
    void anEncodedBodyIsPassedOnAsItIs() throws Exception {
        byte[] encoded = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};
        var accepted = new LinkedBlockingQueue<String>();
        serve(exchange -> {
            accepted.add(String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding")));
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, encoded.length);
            exchange.getResponseBody().write(encoded);
        });

        Streamed reply = call("GET", null, USUAL);

        assertThat(reply.body().readAllBytes()).isEqualTo(encoded);
        assertThat(reply.headers().get("content-encoding")).containsExactly("gzip");
        assertThat(accepted.take()).isEqualTo("null");
    }

    @Test
    @DisplayName("2.6 What a bot answers to a message is its status, however its body is encoded")
    void theBodyOfABotsAnswerIsNotDecoded() throws Exception {
        serve(exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "br");
            exchange.sendResponseHeaders(202, 3);
            exchange.getResponseBody().write(new byte[] {1, 2, 3});
        });

        var reply = http.postJson(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                Map.of("webhook-id", "1"),
                "{}",
                Duration.ofSeconds(60));

        assertThat(reply.status()).isEqualTo(202);
    }

    @Test
    void aRedirectIsAnAnswer() throws Exception {
        serve(exchange -> {
            exchange.getResponseHeaders().add("Location", "https://evil.example/");
            exchange.sendResponseHeaders(302, -1);
        });
        Streamed reply = call("GET", null, USUAL);

        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.headers()).containsEntry("location", List.of("https://evil.example/"));
    }

    @Test
    void aRefusalIsHeardWhileTheBodyIsStillSent() throws Exception {
        byte[] moreThanAnyBuffer = new byte[50_000_000];
        try (var bare = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI target = URI.create("http://127.0.0.1:" + bare.getLocalPort() + "/");
            Future<Streamed> call = threads.submit(() -> http.stream(
                    new OutboundRequest().method("POST"),
                    target,
                    new Upload(new ByteArrayInputStream(moreThanAnyBuffer), -1),
                    new Bounds(Duration.ofSeconds(60), moreThanAnyBuffer.length)));
            try (var socket = bare.accept()) {
                readTo(socket.getInputStream(), "\r\n\r\n");
                answer(socket, "413 Content Too Large");

                assertThat(call.get(60, TimeUnit.SECONDS).status()).isEqualTo(413);
            }
        }
    }

    @Test
    void aKeptConnectionThatThePeerClosesIsReplacedForWhatChangesNothing() throws Exception {
        try (var bare = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI target = URI.create("http://127.0.0.1:" + bare.getLocalPort() + "/");
            Future<Integer> first = threads.submit(
                    () -> http.send(new OutboundRequest(), target).status());
            try (var kept = bare.accept()) {
                readTo(kept.getInputStream(), "\r\n\r\n");
                answer(kept, "204 No Content");
                first.get(60, TimeUnit.SECONDS);
            }
            Future<Integer> read = threads.submit(
                    () -> http.send(new OutboundRequest(), target).status());
            try (var fresh = bare.accept()) {
                readTo(fresh.getInputStream(), "\r\n\r\n");
                answer(fresh, "204 No Content");
                assertThat(read.get(60, TimeUnit.SECONDS)).isEqualTo(204);

                Future<?> write = threads.submit(() -> http.send(new OutboundRequest().method("POST", "x=1"), target));
                readTo(fresh.getInputStream(), "x=1");
                fresh.shutdownOutput();
                assertThatThrownBy(() -> write.get(60, TimeUnit.SECONDS)).hasMessageContaining("could not be asked");
            }
        }
    }

    private static void answer(Socket socket, String status) throws IOException {
        socket.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void nothingGoesToAPrivateAddress() {
        assertThatIOException()
                .isThrownBy(() -> http.stream(
                        new OutboundRequest().method("GET"), URI.create("https://169.254.169.254/x"), null, USUAL))
                .withMessageContaining("is on a private network");
    }

    private void serve(HttpHandler handler) {
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Streamed call(String method, @Nullable Upload upload, Bounds bounds) throws IOException {
        URI target = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return http.stream(new OutboundRequest().method(method), target, upload, bounds);
    }
}
