package dev.grantbook.testing;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What {@code Meters} counted during one test. */
public final class Counts implements BeforeEachCallback, AfterEachCallback {

    private SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Override
    public void beforeEach(ExtensionContext context) {
        registry = new SimpleMeterRegistry();
        Metrics.addRegistry(registry);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Metrics.removeRegistry(registry);
    }

    /**
     * How often it was counted; 0 for what never was.
     *
     * @param tags names and values in turn
     */
    public long of(String name, String... tags) {
        return registry.find("grantbook." + name).tags(tags).counters().stream()
                .mapToLong(counter -> Math.round(counter.count()))
                .sum();
    }

    /** How much of it there was the last time that somebody said so. */
    public long level(String name) {
        return Math.round(registry.get("grantbook." + name).gauge().value());
    }
}
