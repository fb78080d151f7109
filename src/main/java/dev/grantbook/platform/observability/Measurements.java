package dev.grantbook.platform.observability;

import dev.grantbook.platform.config.StartOrder;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;

/** What the {@link Meters} of this node have counted since its start, in Prometheus' text format. */
@ApplicationScoped
public class Measurements {

    /** Media type of {@link #text()}. */
    public static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    void open(@Observes @Priority(StartOrder.SETTINGS) Startup event) {
        Metrics.addRegistry(registry);
    }

    @PreDestroy
    void close() {
        Metrics.removeRegistry(registry);
        registry.close();
    }

    public String text() {
        return registry.scrape();
    }
}
