package dev.grantbook.provider;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that a bot makes to its provider's API. */
public final class ApiCall {

    private final String method;
    private final URI target;
    private final Map<String, List<String>> headers;
    private final byte @Nullable [] whole;
    private final InputStream rest;
    private final long length;

    /**
     * @param headers what the provider may see
     * @param whole the body, when it is short enough to be held; null when it is still on its way
     * @param rest the body that is still on its way; read once
     * @param length bytes of that; negative when nobody said
     */
    public ApiCall(
            String method,
            URI target,
            Map<String, List<String>> headers,
            byte @Nullable [] whole,
            InputStream rest,
            long length) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.whole = whole;
        this.rest = rest;
        this.length = length;
    }

    /** Whether doing it twice is like doing it once (RFC 9110 section 9.2.2), and it can be done twice. */
    public boolean isRepeatable() {
        return whole != null
                && List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE").contains(method);
    }

    String method() {
        return method;
    }

    URI target() {
        return target;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    BodyPublisher body() {
        if (whole != null) {
            return whole.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(whole);
        }
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> rest);
        return length < 0 ? stream : BodyPublishers.fromPublisher(stream, length);
    }
}
