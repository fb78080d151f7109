package dev.grantbook.platform.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left of a span when it leaves the server. */
class SpansWithoutSecretsTest {

    private static final String SECRET = "4711-c0de";

    private final Collected collected = new Collected();
    private final SdkTracerProvider server = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(SpansWithoutSecrets.cleaning(collected)))
            .build();

    @Test
    void aCallbackIsSeenWithoutItsAddress() {
        SpanData seen = seen(span("GET /oauth/callback/demo?code=" + SECRET)
                .setAttribute("http.method", "GET")
                .setAttribute("http.route", "/oauth/callback/{connector}")
                .setAttribute("http.status_code", 303)
                .setAttribute("http.url", "https://grantbook.example/oauth/callback/demo?code=" + SECRET)
                .setAttribute("http.target", "/oauth/callback/demo?code=" + SECRET)
                .setAttribute("url.query", "code=" + SECRET)
                .setAttribute("what.a.later.version.adds", SECRET));

        assertThat(seen.getName()).isEqualTo("GET /oauth/callback/{connector}");
        assertThat(seen.getAttributes().asMap().toString())
                .contains("303", "/oauth/callback/{connector}")
                .doesNotContain(SECRET);
        assertThat(seen.getAttributes().size()).isEqualTo(3);
    }

    @Test
    void aPageWhoseAddressIsASecretIsSeenByItsMethod() {
        assertThat(seen(span("GET /connect/" + SECRET)).getName()).isEqualTo("GET");
        assertThat(seen(span("GET:" + SECRET)).getName()).isEqualTo("GET");
        assertThat(seen(span("/connect/" + SECRET)).getName()).isEmpty();
    }

    @Test
    void aFaultIsSeenByItsKindOnly() {
        var span = span("POST").startSpan();
        span.recordException(new IllegalStateException("token " + SECRET));
        span.setStatus(StatusCode.ERROR, "token " + SECRET);
        span.end();

        SpanData seen = collected.spans.get(0);
        assertThat(seen.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(seen.getStatus().getDescription()).isEmpty();
        assertThat(seen.getEvents())
                .singleElement()
                .satisfies(event -> assertThat(event.getAttributes().asMap().toString())
                        .contains("IllegalStateException")
                        .doesNotContain(SECRET));
    }

    private SpanBuilder span(String name) {
        return server.get("test").spanBuilder(name);
    }

    private SpanData seen(SpanBuilder span) {
        span.startSpan().end();
        return collected.spans.get(collected.spans.size() - 1);
    }

    private static final class Collected implements SpanExporter {

        private final List<SpanData> spans = new ArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> exported) {
            spans.addAll(exported);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
