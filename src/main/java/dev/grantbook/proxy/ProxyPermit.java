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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Limits the calls of a connector that are under way, so that a provider that hangs does not occupy every thread, and
 * closes at the end of the request what its call has opened.
 */
@RequestScoped
public class ProxyPermit {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The permits of this node. */
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
    Permits permits;

    @Inject
    Clock clock;

    private @Nullable Semaphore taken;

    private final List<SpooledBody> bodies = new ArrayList<>();

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 503 when all permits are taken */
    void take(ConnectorId connector) {
        Semaphore free = permits.of(connector);
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

    void closeAtEnd(SpooledBody body) {
        bodies.add(body);
    }

    @PreDestroy
    void release() {
        bodies.forEach(SpooledBody::close);
        if (taken != null) {
            taken.release();
        }
    }
}
