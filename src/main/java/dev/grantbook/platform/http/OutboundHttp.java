package dev.grantbook.platform.http;

import dev.grantbook.platform.config.IpNetwork;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes every outgoing call: bounded in time and size, without following redirects, and into the operator's own network
 * only to hosts that the operator named.
 */
@ApplicationScoped
public class OutboundHttp {

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

    /** How long a connection is made at most. */
    private static final Timeout CONNECT = Timeout.ofSeconds(5);

    /** Calls at a time; more than a server has threads. */
    private static final int CONNECTIONS = 1000;

    private final CloseableHttpClient client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                            .http1Config(Http1Config.custom()
                                    .setMaxHeaderCount(200)
                                    .setMaxLineLength(64 * 1024)
                                    .build())
                            .responseParserFactory(DefaultHttpResponseParserFactory.INSTANCE)
                            .responseOutOfOrderStrategy(MonitoringResponseOutOfOrderStrategy.INSTANCE)
                            .build())
                    .setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                            .useSystemProperties()
                            .setHostVerificationPolicy(HostnameVerificationPolicy.BUILTIN)
                            .setHostnameVerifier(NoopHostnameVerifier.INSTANCE)
                            .buildClassic())
                    .setDefaultConnectionConfig(ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT)
                            .setTimeToLive(TimeValue.ofMinutes(5))
                            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                            .build())
                    .setMaxConnTotal(CONNECTIONS)
                    .setMaxConnPerRoute(CONNECTIONS)
                    .build())
            .setDefaultRequestConfig(RequestConfig.custom()
                    .setConnectionRequestTimeout(CONNECT)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
            .setRetryStrategy(new RepeatOnClosed())
            .setUserAgent("Grantbook")
            .disableRedirectHandling()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
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

    @PreDestroy
    void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /**
     * Sends a request and waits for the whole reply, which may be compressed.
     *
     * @throws IOException when the address is not allowed, or no whole reply came in time, or it cannot be decoded
     */
    public Reply send(OutboundRequest request, URI target) throws IOException {
        request.setHeader("Accept-Encoding", "gzip");
        return whole(request, target, settings.provider().timeout(), ReplyBody::text);
    }

    /**
     * Posts a JSON text. The body of its reply is not decoded, and left empty.
     *
     * @throws IOException when the address is not allowed, or no whole reply came in time
     */
    public Reply postJson(URI target, Map<String, String> headers, String body, Duration timeout) throws IOException {
        OutboundRequest request =
                new OutboundRequest().header("Content-Type", "application/json").method("POST", body);
        headers.forEach(request::header);
        return whole(request, target, timeout, (bytes, codings) -> "");
    }

    private interface Decoding {
        String text(byte[] body, List<String> codings) throws IOException;
    }

    private Reply whole(OutboundRequest request, URI target, Duration timeout, Decoding decoding) throws IOException {
        check(target);
        int status;
        Map<String, List<String>> headers;
        byte[] body;
        try (var call = new OutboundCall(request.to(target), timeout)) {
            try {
                ClassicHttpResponse reply = call.begin(client);
                status = reply.getCode();
                headers = OutboundCall.headers(reply);
                body = OutboundCall.body(reply).readNBytes(ReplyBody.LARGEST + 1);
            } catch (IOException e) {
                throw call.isLate()
                        ? new IOException(target.getHost() + " did not answer within " + timeout)
                        : noReply(target, e);
            }
        }
        try {
            if (body.length > ReplyBody.LARGEST) {
                throw new IOException("the reply is larger than " + ReplyBody.LARGEST + " bytes");
            }
            return new Reply(
                    status,
                    decoding.text(body, headers.getOrDefault("Content-Encoding", List.of())),
                    headers.getOrDefault("Retry-After", List.of()).stream()
                            .findFirst()
                            .orElse(null));
        } catch (IOException e) {
            throw new IOException(target.getHost() + " could not be understood: " + e.getMessage(), e);
        }
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
     * @throws SocketTimeoutException when the time is over
     * @throws IOException when the address is not allowed, or no reply came
     */
    public Streamed stream(OutboundRequest request, URI target, @Nullable Upload upload, Bounds bounds)
            throws IOException {
        check(target);
        HttpUriRequestBase sent = request.to(target);
        var call = new OutboundCall(sent, bounds.time());
        if (upload != null) {
            sent.setEntity(new UploadEntity(upload.in(), upload.length(), bounds.bytes(), call::close));
        }
        ClassicHttpResponse reply;
        InputStream body;
        try {
            reply = call.begin(client);
            body = OutboundCall.body(reply);
        } catch (IOException e) {
            call.close();
            if (call.isLate()) {
                throw new SocketTimeoutException(target.getHost() + " did not answer within " + bounds.time());
            }
            throw noReply(target, e);
        }
        // Replies to HEAD, and those with 304, tell the length of what is not sent (RFC 9110 section 8.6).
        if (reply.getEntity() != null && reply.getEntity().getContentLength() > bounds.bytes()) {
            call.close();
            throw new IOException("the reply is larger than " + bounds.bytes() + " bytes");
        }
        return new Streamed(
                reply.getCode(), OutboundCall.headers(reply), new BoundedBody(body, bounds.bytes(), call::close));
    }

    /** Drops the cause: its message may quote what the peer sent, and a log would print it. */
    private static IOException noReply(URI target, IOException e) {
        String why = quotes(e)
                ? "the reply is no HTTP that can be read"
                : UNPRINTABLE.matcher(String.valueOf(e)).replaceAll(" ");
        return new IOException(target.getHost() + " could not be asked: " + why);
    }

    /** Whether a message quotes the peer: parsers repeat a status line, a header or a number that they cannot read. */
    private static boolean quotes(IOException failure) {
        return FaultLog.causes(failure)
                .anyMatch(cause -> cause instanceof ClientProtocolException
                        || cause instanceof CharacterCodingException
                        || cause instanceof MalformedChunkCodingException
                        || !(cause instanceof IOException || cause instanceof GeneralSecurityException));
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

    /** Repeats once, when the peer has closed a connection that was kept, what changes nothing. */
    private static final class RepeatOnClosed extends DefaultHttpRequestRetryStrategy {

        RepeatOnClosed() {
            super(
                    1,
                    TimeValue.ZERO_MILLISECONDS,
                    List.of(
                            InterruptedIOException.class,
                            UnknownHostException.class,
                            ConnectException.class,
                            SSLException.class),
                    List.of());
        }

        @Override
        protected boolean handleAsIdempotent(HttpRequest request) {
            return Method.GET.isSame(request.getMethod()) || Method.HEAD.isSame(request.getMethod());
        }
    }
}
