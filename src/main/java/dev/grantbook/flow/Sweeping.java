package dev.grantbook.flow;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Disconnection;
import dev.grantbook.platform.Rounds;
import dev.grantbook.platform.StartOrder;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * Forgets what connectors have kept for long enough ({@link dev.grantbook.connector.Retention}), a few rows at a time. Many
 * nodes may do it at once: whoever comes second finds nothing left.
 */
@ApplicationScoped
public class Sweeping {

    /** Nothing is kept to the minute, so there is no need to look more often. */
    private static final Duration PAUSE = Duration.ofMinutes(15);

    /** Providers that are told in one round. */
    private static final int MOST_ENDED = 20;

    @Inject
    Connectors connectors;

    @Inject
    Leftovers leftovers;

    @Inject
    Disconnection disconnection;

    @Inject
    Rounds rounds;

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        rounds.every(PAUSE, "retention", this::round);
    }

    void round() {
        for (Connector connector : connectors.all()) {
            leftovers.unused(connector).stream()
                    .limit(MOST_ENDED)
                    .forEach(grant -> disconnection.disconnect(grant, "grantbook"));
            all(connector, leftovers::dropHistory);
            all(connector, leftovers::dropAttempts);
            all(connector, leftovers::dropInvitations);
        }
    }

    private static void all(Connector connector, ToIntFunction<Connector> few) {
        int dropped;
        do {
            dropped = few.applyAsInt(connector);
        } while (dropped == Leftovers.FEW);
    }
}
