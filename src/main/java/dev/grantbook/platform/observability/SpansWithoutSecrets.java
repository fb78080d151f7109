package dev.grantbook.platform.observability;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Removes from a server's spans what may hold a secret before they are exported. Servers record whole addresses, and so
 * the code and the state of each callback, and the secret of each link. Only attributes known to be harmless are kept.
 *
 * <p>A server that traces loads this class as a service (MicroProfile Telemetry 1.1); others never load it.
 */
public class SpansWithoutSecrets implements AutoConfigurationCustomizerProvider {

    /** Template of an address, such as {@code /oauth/callback/{connector}}. */
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");

    /** Attributes by their names in the older and the newer semantic conventions. */
    private static final Set<String> HARMLESS = Set.of(
            "http.route",
            "http.method",
            "http.request.method",
            "http.status_code",
            "http.response.status_code",
            "http.scheme",
            "url.scheme",
            "net.host.name",
            "net.host.port",
            "server.address",
            "server.port",
            "component",
            "span.kind",
            "error",
            "error.type",
            "exception.type");

    @Override
    public void customize(AutoConfigurationCustomizer customizer) {
        customizer.addSpanExporterCustomizer((exporter, configuration) -> cleaning(exporter));
    }

    static SpanExporter cleaning(SpanExporter target) {
        return new Cleaning(target);
    }

    private record Cleaning(SpanExporter target) implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return target.export(spans.stream().<SpanData>map(Clean::new).toList());
        }

        @Override
        public CompletableResultCode flush() {
            return target.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return target.shutdown();
        }
    }

    private static final class Clean extends DelegatingSpanData {

        private final Attributes attributes;

        private Clean(SpanData span) {
            super(span);
            this.attributes = harmless(span.getAttributes());
        }

        /** The server's name of the span may contain the address. */
        @Override
        public String getName() {
            String first = super.getName().split("[ :/?]", 2)[0];
            String route = attributes.get(ROUTE);
            return route == null ? first : first + " " + route;
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }

        @Override
        public List<EventData> getEvents() {
            return super.getEvents().stream()
                    .map(event ->
                            EventData.create(event.getEpochNanos(), event.getName(), harmless(event.getAttributes())))
                    .toList();
        }

        @Override
        public StatusData getStatus() {
            return StatusData.create(super.getStatus().getStatusCode(), "");
        }

        private static Attributes harmless(Attributes all) {
            return all.toBuilder()
                    .removeIf(key -> !HARMLESS.contains(key.getKey()))
                    .build();
        }
    }
}
