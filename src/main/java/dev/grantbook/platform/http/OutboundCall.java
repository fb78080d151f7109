package dev.grantbook.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** A call on its way. It ends when its time is over, or when it is closed; nobody can read or write it then. */
final class OutboundCall implements AutoCloseable {

    private final HttpUriRequestBase request;
    private final CompletableFuture<Void> timer = new CompletableFuture<>();

    /** @param time until the end of the reply */
    OutboundCall(HttpUriRequestBase request, Duration time) {
        this.request = request;
        // A connection whose reply was read to its end is no longer this call's: it stays open.
        var unused = timer.whenComplete((never, over) -> request.cancel());
        timer.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends the request and waits for the beginning of the reply. */
    ClassicHttpResponse begin(CloseableHttpClient client) throws IOException {
        return client.executeOpen(null, request, null);
    }

    /** Whether the time was over. */
    boolean isLate() {
        return timer.isCompletedExceptionally() && !timer.isCancelled();
    }

    @Override
    public void close() {
        timer.cancel(false);
    }

    /** The body of a reply; empty when it has none. */
    static InputStream body(ClassicHttpResponse reply) throws IOException {
        HttpEntity entity = reply.getEntity();
        return entity == null ? InputStream.nullInputStream() : entity.getContent();
    }

    /** Headers of a reply; their names are compared without case. */
    static Map<String, List<String>> headers(ClassicHttpResponse reply) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : reply.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(header.getValue());
        }
        return headers;
    }
}
