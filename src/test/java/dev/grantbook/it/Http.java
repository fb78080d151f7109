package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * HTTP in plain sight: no redirect is followed, no cookie is kept, and every header is the test's own, because those
 * three are what the tests of an OAuth flow look at. Immutable; {@link #with} makes the next caller.
 */
public final class Http {

    static {
        // The JDK reserves Host for itself unless told otherwise before its client is first used.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private static final HttpClient CLIENT = client();

    private final HttpClient client;

    private final String base;

    private final Map<String, String> headers;

    private Http(HttpClient client, String base, Map<String, String> headers) {
        this.client = client;
        this.base = base;
        this.headers = headers;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
    }

    /** A caller without any header of its own, at an address without a slash at its end. */
    public static Http at(String base) {
        return new Http(CLIENT, base, Map.of());
    }

    /**
     * The same, on connections that nobody else gets: for requests after which Payara ends the connection without
     * saying so, such as one with too long a head. Whoever wrote to that connection next could fail.
     */
    static Http apart(String base) {
        return new Http(client(), base, Map.of());
    }

    /** The same caller with one more header, or with another value for it. */
    public Http with(String header, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(header, value);
        return new Http(client, base, more);
    }

    /**
     * @param target path and raw query, sent as they are, or an absolute URL such as a {@link Reply#location()}
     * @throws IllegalArgumentException when {@link URI} cannot hold the target: a space, a quote, a brace, a lone
     *     percent sign
     */
    public Reply get(String target) throws IOException, InterruptedException {
        return send(request(target).GET());
    }

    Reply postForm(String target, Map<String, String> fields) throws IOException, InterruptedException {
        String form = fields.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(joining("&"));
        return with("Content-Type", "application/x-www-form-urlencoded").send("POST", target, form);
    }

    public Reply postJson(String target, String json) throws IOException, InterruptedException {
        return with("Content-Type", "application/json").send("POST", target, json);
    }

    /** Any method with any body; the content type is whatever {@link #with} says. */
    public Reply send(String method, String target, String body) throws IOException, InterruptedException {
        return send(request(target).method(method, BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String target) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(target.startsWith("/") ? base + target : target))
                .timeout(Duration.ofMinutes(2));
        headers.forEach(request::header);
        return request;
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        Reply reply = Reply.of(client.send(request.build(), BodyHandlers.ofString()));
        Secrets.note(reply);
        return reply;
    }
}
