package dev.grantbook.proxy;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One of the places that a connector has in the proxy, until the request is over: a provider that hangs must not keep
 * every thread of the server waiting.
 */
@RequestScoped
public class ProxyPermit {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** All places of this node. */
    @ApplicationScoped
    public static class Permits {

        private final Map<ConnectorId, Semaphore> ofConnectors = new ConcurrentHashMap<>();

        @Inject
        Settings settings;

        Semaphore of(ConnectorId connector) {
            return ofConnectors.computeIfAbsent(
                    connector, unknown -> new Semaphore(settings.proxy().concurrent()));
        }
    }

    @Inject
    Permits places;

    @Inject
    Clock clock;

    private @Nullable Semaphore taken;

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 503 when all are taken */
    void take(ConnectorId connector) {
        Semaphore free = places.of(connector);
        if (!free.tryAcquire()) {
            throw Problem.of(
                            503,
                            "proxy-busy",
                            "Too many calls of this connector are under way; nothing was sent to the provider.")
                    .until(clock.instant().plus(PAUSE))
                    .exception();
        }
        taken = free;
    }

    @PreDestroy
    void leave() {
        if (taken != null) {
            taken.release();
        }
    }
}
