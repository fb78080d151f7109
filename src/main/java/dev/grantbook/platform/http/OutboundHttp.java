package dev.grantbook.platform.http;

import dev.grantbook.platform.config.IpNetwork;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes every outgoing call: bounded in time and size, without following redirects, and into the operator's own network
 * only to hosts that the operator named.
 */
@ApplicationScoped
public class OutboundHttp {

    private static final Logger LOG = Logger.getLogger(OutboundHttp.class.getName());

    /** Control characters and halves of surrogate pairs: databases refuse some of them, and terminals obey some. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]+");

    /** Others are local, translate to IPv4 ({@code 64:ff9b::/96}, {@code ::ffff:0:0:0/96}), or are not in use. */
    private static final IpNetwork GLOBAL = network("2000::/3");

    /**
     * Blocks of the registries of special-purpose addresses (RFC 6890) that are not public: private and shared
     * networks, addresses where clouds serve credentials ({@code 169.254.0.0/16}, {@code 192.0.0.0/24}, Azure's
     * {@code 168.63.129.16}), and blocks that lead to any IPv4 address (Teredo in {@code 2001::/23}, 6to4 in
     * {@code 2002::/16}).
     */
    private static final List<IpNetwork> PRIVATE = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "168.63.129.16",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "2001::/23",
                    "2002::/16")
            .map(OutboundHttp::network)
            .toList();

    private static IpNetwork network(String text) {
        return IpNetwork.parse(text).orElseThrow();
    }

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @Inject
    Settings settings;

    /** A whole reply, its body decoded, of 1 MiB at most; {@code retryAfter} as it came, or null. */
    public record Reply(int status, String body, @Nullable String retryAfter) {

        /** How long the peer asks to wait (RFC 9110 section 10.2.3); zero when it does not say. */
        public Duration pause(Instant now) {
            if (retryAfter == null) {
                return Duration.ZERO;
            }
            if (retryAfter.matches("[0-9]{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(retryAfter));
            }
            try {
                Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter, Instant::from);
                return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
            } catch (DateTimeParseException e) {
                return Duration.ZERO;
            }
        }
    }

    /**
     * Sends a request and waits for the whole reply, which may be compressed.
     *
     * @throws IOException when the address is not allowed, or no whole reply came in time, or it cannot be decoded
     */
    public Reply send(HttpRequest.Builder request, URI target) throws IOException {
        HttpResponse<byte[]> response = whole(
                request.setHeader("Accept-Encoding", "gzip"),
                target,
                settings.provider().timeout());
        try {
            return reply(
                    response, ReplyBody.text(response.body(), response.headers().allValues("Content-Encoding")));
        } catch (IOException e) {
            throw new IOException(target.getHost() + " could not be understood: " + e.getMessage(), e);
        }
    }

    private static Reply reply(HttpResponse<byte[]> response, String body) {
        return new Reply(
                response.statusCode(),
                body,
                response.headers().firstValue("Retry-After").orElse(null));
    }

    /**
     * Keeps the JDK from asking for an upgrade to HTTP/2, which servers refuse beside a body; so does this application.
     */
    private static HttpRequest.Builder to(URI target, HttpRequest.Builder request) {
        boolean clear = "http".equalsIgnoreCase(target.getScheme());
        return (clear ? request.version(HttpClient.Version.HTTP_1_1) : request).uri(target);
    }

    private HttpResponse<byte[]> whole(HttpRequest.Builder request, URI target, Duration timeout) throws IOException {
        check(target);
        long end = System.nanoTime() + timeout.toNanos();
        // This time limit ends with the headers; the one of the body goes on.
        HttpRequest limited = to(target, request).timeout(timeout).build();
        try {
            // In this thread: with few processors, sendAsync starts another one for each call.
            return client.send(limited, headers -> new Limited(end - System.nanoTime()));
        } catch (IOException | IllegalArgumentException | SecurityException e) {
            boolean late = e instanceof HttpTimeoutException && !(e instanceof HttpConnectTimeoutException);
            if (late || e.getCause() instanceof TimeoutException) {
                throw new IOException(target.getHost() + " did not answer within " + timeout, e);
            }
            throw noReply(target, e);
        } catch (InterruptedException e) {
            throw interrupt(target, e);
        }
    }

    /**
     * Posts a JSON text. The body of its reply is not decoded, and left empty.
     *
     * @throws IOException when the address is not allowed, or no whole reply came in time
     */
    public Reply postJson(URI target, Map<String, String> headers, String body, Duration timeout) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return reply(whole(request, target, timeout), "");
    }

    /** A body that is sent while it still arrives; its length in bytes is negative when unknown. */
    public record Upload(InputStream in, long length) {}

    /** Limits of a call: time until the end of the reply, and bytes in each direction. */
    public record Bounds(Duration time, long bytes) {}

    /** A reply whose body still arrives. The receiver closes it; it fails beyond the {@link Bounds}. */
    public record Streamed(int status, Map<String, List<String>> headers, InputStream body) {}

    /**
     * Sends a request and waits for the beginning of the reply.
     *
     * @param upload null for no body
     * @throws ProblemException when the upload is too long, or breaks off
     * @throws HttpTimeoutException when the time is over
     * @throws IOException when the address is not allowed, or no reply came
     */
    public Streamed stream(
            HttpRequest.Builder request, String method, URI target, @Nullable Upload upload, Bounds bounds)
            throws IOException {
        check(target);
        var body = upload == null ? null : new UploadPublisher(upload.in(), upload.length(), bounds.bytes());
        to(target, request).method(method, body == null ? HttpRequest.BodyPublishers.noBody() : body);
        var pending = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        var timer = new CompletableFuture<Void>().orTimeout(bounds.time().toMillis(), TimeUnit.MILLISECONDS);
        whenOver(timer, () -> pending.cancel(true));
        try {
            if (body != null) {
                body.pump(pending);
            }
            HttpResponse<InputStream> reply = pending.get();
            var rest = new BoundedBody(reply.body(), bounds.bytes(), timer);
            whenOver(timer, () -> close(reply.body()));
            // In replies to HEAD, and with 304, it is the length of what is not sent (RFC 9110 section 8.6).
            if (!method.equals("HEAD")
                    && reply.statusCode() != 304
                    && reply.headers().firstValueAsLong("Content-Length").orElse(0) > bounds.bytes()) {
                rest.close();
                throw new IOException("the reply is larger than " + bounds.bytes() + " bytes");
            }
            return new Streamed(reply.statusCode(), reply.headers().map(), rest);
        } catch (CancellationException | ExecutionException e) {
            if (timer.isDone()) {
                throw new HttpTimeoutException(target.getHost() + " did not answer within " + bounds.time());
            }
            timer.cancel(false);
            throw noReply(target, e);
        } catch (InterruptedException e) {
            timer.cancel(false);
            throw interrupt(target, e);
        } catch (ProblemException e) {
            timer.cancel(false);
            throw e;
        }
    }

    /** Drops the cause: its message may quote what the peer sent, and a log would print it. */
    private static IOException noReply(URI target, Exception e) {
        String why = quotes(e.getCause())
                ? "the reply is no HTTP that can be read"
                : UNPRINTABLE.matcher(String.valueOf(e.getCause())).replaceAll(" ");
        return new IOException(target.getHost() + " could not be asked: " + why);
    }

    /** Whether a message quotes the peer: parsers repeat a status line, a header or a number that they cannot read. */
    private static boolean quotes(@Nullable Throwable failure) {
        return failure != null
                && FaultLog.causes(failure)
                        .anyMatch(cause -> cause instanceof ProtocolException || !isOfTheNetwork(cause));
    }

    private static IOException interrupt(URI target, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while waiting for " + target.getHost(), e);
    }

    private static boolean isOfTheNetwork(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof GeneralSecurityException
                || failure instanceof UnresolvedAddressException
                || failure instanceof CancellationException;
    }

    private static void whenOver(CompletableFuture<?> timer, Runnable end) {
        var unused = timer.whenComplete((never, over) -> end.run());
    }

    /** Ends a read that another thread is waiting in. */
    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            LOG.log(Level.FINE, "nobody reads on", e);
        }
    }

    /**
     * Checks whether an address may be called: https to a public host, or to a private one that the operator named;
     * plain http only to this machine, and only while the sandbox is on. The name is resolved, so that a public name
     * for a private address does not help.
     */
    public void check(URI target) throws IOException {
        String host = target.getHost();
        if (host == null) {
            throw new IOException("an address without a host cannot be called");
        }
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException(host + " is not a known host", e);
        }
        boolean ownMachine =
                settings.sandbox().enabled() && List.of(addresses).stream().allMatch(InetAddress::isLoopbackAddress);
        if (!"https".equals(target.getScheme()) && !(ownMachine && "http".equals(target.getScheme()))) {
            throw new IOException(host + " must be called over https");
        }
        if (ownMachine
                || settings.provider().privateHosts().stream()
                        .anyMatch(named -> plain(named).equals(plain(host)))) {
            return;
        }
        for (InetAddress address : addresses) {
            if (isPrivate(address)) {
                throw new IOException(host + " is on a private network; if that is right, name it in "
                        + "grantbook.provider.private-hosts");
            }
        }
    }

    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean foreign = bytes.length == 16 && !GLOBAL.contains(address);
        return address.isLoopbackAddress()
                || foreign
                || isTunnel(bytes)
                || PRIVATE.stream().anyMatch(network -> network.contains(address));
    }

    /** Recognises ISATAP (RFC 5214 section 6.1): an IPv4 address behind a prefix of any network. */
    private static boolean isTunnel(byte[] bytes) {
        return bytes.length == 16
                && (bytes[8] & 0xfd) == 0
                && bytes[9] == 0
                && bytes[10] == 0x5e
                && (bytes[11] & 0xff) == 0xfe;
    }

    /** Normalises a host for comparison: without case, and without the dot that ends a full name. */
    private static String plain(String host) {
        String small = host.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }

    /** Collects a body of at most {@value ReplyBody#LARGEST} bytes, and cancels a longer or a later one. */
    private static final class Limited implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        /** @param nanos until the whole body must have come */
        Limited(long nanos) {
            var unused = whole.orTimeout(nanos, TimeUnit.NANOSECONDS).exceptionally(failure -> {
                if (subscription != null) {
                    subscription.cancel();
                }
                return new byte[0];
            });
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription incoming) {
            subscription = incoming;
            incoming.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                received.writeBytes(bytes);
            }
            if (received.size() > ReplyBody.LARGEST) {
                onError(new IOException("the reply is larger than " + ReplyBody.LARGEST + " bytes"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(received.toByteArray());
        }
    }
}
