package dev.grantbook.retention;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.observability.FaultLog;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends unused grants, and deletes what connectors have kept for as long as their {@link RetentionPeriods} say. */
@ApplicationScoped
class RetentionJob {

    private static final Logger LOG = Logger.getLogger(RetentionJob.class.getName());

    @Inject
    Connectors connectors;

    @Inject
    Grants grants;

    @Inject
    GrantEnding ending;

    @Inject
    @Any
    Instance<RetentionRule> rooms;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.RETENTION, this::round);
    }

    void round() {
        connectors.retentions().forEach((connector, retention) -> {
            apart(connector, () -> giveUp(connector, retention));
            for (RetentionRule room : rooms) {
                apart(connector, () -> drop(room, connector, retention));
            }
        });
    }

    /** Ends grants without calling providers: one that does not answer must not hold up the other connectors. */
    private void giveUp(ConnectorId connector, RetentionPeriods retention) {
        Instant end = RetentionPeriods.end(retention.unused(), clock.instant());
        long given;
        do {
            given = grants.findUnused(connector, end).stream()
                    .filter(grant -> isGivenUp(connector, grant, end))
                    .count();
        } while (given > 0 && !Thread.currentThread().isInterrupted());
    }

    private boolean isGivenUp(ConnectorId connector, GrantId grant, Instant end) {
        var given = new AtomicBoolean();
        apart(connector, () -> given.set(ending.giveUp(grant, end)));
        return given.get();
    }

    private static void drop(RetentionRule room, ConnectorId connector, RetentionPeriods retention) {
        int dropped;
        do {
            dropped = room.drop(connector, retention);
        } while (dropped > 0 && !Thread.currentThread().isInterrupted());
    }

    /** Keeps a failure of one connector's data from stopping the others. */
    private static void apart(ConnectorId connector, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            FaultLog.write(
                    LOG, Level.WARNING, "something of " + connector + " was kept for longer than it should be", e);
        }
    }
}
