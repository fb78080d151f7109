package dev.grantbook.platform.observability;

import dev.grantbook.platform.config.StartOrder;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;

/** What {@link Meters} of this node have counted since it started, as Prometheus reads it. */
@ApplicationScoped
public class Measurements {

    /** Of {@link #text()}. */
    public static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** From the first moment, and not when somebody first asks. */
    void begin(@Observes @Priority(StartOrder.SETTINGS) Startup event) {
        // Being called is what makes this bean.
    }

    @PostConstruct
    void open() {
        Metrics.addRegistry(registry);
    }

    @PreDestroy
    void close() {
        Metrics.removeRegistry(registry);
        registry.close();
    }

    /** In Prometheus' text format, version 0.0.4. */
    public String text() {
        return registry.scrape();
    }
}
