package dev.grantbook.delivery;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.DeliveryTarget;
import dev.grantbook.connector.WebhookSecret;
import dev.grantbook.delivery.Deliveries.First;
import dev.grantbook.delivery.Delivery.DeliveryState;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.jobs.WorkQueue;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.observability.Trace;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Sends messages to bots, as Standard Webhooks specifies. All nodes share the work; one node sends a bot one message at
 * a time, so that a bot that hangs holds up no other.
 */
@ApplicationScoped
public class DeliveryWorker {

    private static final Logger LOG = Logger.getLogger(DeliveryWorker.class.getName());

    @Resource
    ManagedExecutorService executor;

    @Inject
    Jobs jobs;

    @Inject
    Deliveries deliveries;

    @Inject
    Invitations invitations;

    @Inject
    Connectors connectors;

    @Inject
    OutboundHttp http;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** Ids of connectors to whose bots this node is sending. */
    private final Set<ConnectorId> busy = ConcurrentHashMap.newKeySet();

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.DELIVERIES, () -> deliveries.due().forEach(this::begin));
        jobs.start(Job.INVITATION_EXPIRY, invitations::expire);
        jobs.start(Job.DELIVERY_RETENTION, deliveries::sweep);
        for (DeliveryState state : List.of(DeliveryState.WAITING, DeliveryState.PARKED)) {
            Meters.gauge("deliveries.kept", () -> deliveries.count(state), "state", state.wire());
        }
        Meters.gauge(
                "deliveries.longest.wait.seconds",
                () -> deliveries.longestWait().toSeconds());
    }

    private void begin(ConnectorId connector) {
        if (busy.add(connector)) {
            try {
                executor.execute(() -> deliver(connector));
            } catch (RejectedExecutionException e) {
                busy.remove(connector);
                LOG.log(Level.WARNING, "deliveries of {0} wait for the next round: {1}", new Object[] {
                    connector, e.getMessage()
                });
            }
        }
    }

    /**
     * Sends due messages until none is left, or until the bot has failed with a new one and an old one; then it waits
     * for the next round.
     */
    void deliver(ConnectorId connector) {
        try {
            for (First first : First.values()) {
                WorkQueue.drain(() -> deliveries.take(connector, first), this::send);
            }
        } catch (RuntimeException e) {
            FaultLog.write(LOG, Level.WARNING, "deliveries of " + connector + " broke off", e);
        } finally {
            busy.remove(connector);
        }
    }

    private boolean send(Delivery delivery) {
        DeliveryResult answer = ask(delivery);
        deliveries.settle(delivery, answer);
        String outcome = answer.verdict().name().toLowerCase(Locale.ROOT);
        Meters.count("deliveries", "connector", delivery.connector().value(), "outcome", outcome);
        if (answer.verdict() != DeliveryResult.Verdict.TAKEN) {
            Trace.during(
                    delivery.trace(),
                    () -> LOG.log(Level.INFO, "{0} of {1} was not taken: {2}", new Object[] {
                        delivery.type(), delivery.connector(), answer.text()
                    }));
        }
        return answer.verdict() != DeliveryResult.Verdict.LATER;
    }

    private DeliveryResult ask(Delivery delivery) {
        Optional<Connector> connector = connectors.find(delivery.connector()).filter(Connector::enabled);
        DeliveryTarget target = connector.map(Connector::deliveries).orElse(null);
        if (connector.isEmpty() || target == null) {
            return DeliveryResult.nowhere();
        }
        Instant now = clock.instant();
        try {
            String signatures = connectors.deliverySecrets(connector.get()).stream()
                    .map((WebhookSecret secret) -> secret.sign(delivery.id(), now, delivery.body()))
                    .collect(Collectors.joining(" "));
            var headers = Map.of(
                    "webhook-id", delivery.id(),
                    "webhook-timestamp", Long.toString(now.getEpochSecond()),
                    "webhook-signature", signatures);
            OutboundHttp.Reply reply = http.postJson(
                    target.url(),
                    headers,
                    delivery.body(),
                    settings.deliveries().timeout());
            return DeliveryResult.of(reply.status(), reply.pause(now));
        } catch (IOException | ConfigurationException e) {
            return DeliveryResult.none(String.valueOf(e.getMessage()));
        }
    }
}
