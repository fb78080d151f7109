package dev.grantbook.delivery;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.grant.search.GrantJson.MissingJson;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.observability.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores a message to the bot for each event, in the event's transaction: a rollback takes both, a commit keeps both. A
 * message describes the moment of its event.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class Outbox {

    /** Events that may leave a shortfall. */
    private static final Set<GrantEventKind> RENEWALS =
            EnumSet.of(GrantEventKind.GRANTED, GrantEventKind.IMPORTED, GrantEventKind.CHANGED);

    @Inject
    Connectors connectors;

    @Inject
    Deliveries deliveries;

    @Inject
    Clock clock;

    void record(@Observes GrantEventRecorded recorded) {
        Grant grant = recorded.grant();
        GrantEvent event = recorded.event();
        if (event.kind() == GrantEventKind.ERASED) {
            recordErasure(grant);
            return;
        }
        Optional<Connector> bot = listening(grant.connector());
        String type = type(event.kind());
        if (bot.isEmpty() || type == null) {
            return;
        }
        add(type, grant, data(recorded));
        boolean renewed = RENEWALS.contains(event.kind());
        Shortfall shortfall = Shortfall.of(bot.get().need(), grant.granted());
        if (renewed && !shortfall.isMet()) {
            add("grant.shortfall", grant, data(recorded), new ShortfallMember(MissingJson.of(shortfall)));
        }
    }

    /** Sends ids only: the message must not name the erased subject. */
    private void recordErasure(Grant grant) {
        // Earlier messages name the subject.
        Instant arrived = deliveries.forgetLine(grant.id().value());
        if (listening(grant.connector()).isPresent()) {
            String body =
                    body(Delivery.GRANT_DELETED, clock.instant(), new DeletedGrant(grant.id(), grant.connector()));
            deliveries
                    .add(Delivery.GRANT_DELETED, grant.connector(), grant.id().value(), null, body, null)
                    .postpone(arrived);
        }
    }

    void recordEnd(@Observes Invitation invitation) {
        Instant now = clock.instant();
        String type = switch (invitation.status(now)) {
            case DENIED -> "invitation.denied";
            case EXPIRED -> "invitation.expired";
            case WAITING, OPENED, GRANTED -> null;
        };
        if (type != null && listening(invitation.connector()).isPresent()) {
            String trace = invitation.trace();
            var data = new EndedInvitation(invitation.id(), invitation.connector(), invitation.subject(), trace);
            deliveries.add(
                    type, invitation.connector(), invitation.id(), invitation.subject(), body(type, now, data), trace);
        }
    }

    private Optional<Connector> listening(ConnectorId connector) {
        return connectors.find(connector).filter(Connector::enabled).filter(found -> found.deliveries() != null);
    }

    /** Null for events that change nothing for the bot, or have a message of another kind. */
    private static @Nullable String type(GrantEventKind kind) {
        return switch (kind) {
            case GRANTED, IMPORTED -> "grant.created";
            case CHANGED -> "grant.changed";
            case CONFIRMED -> "grant.confirmed";
            case REFRESH_FAILED -> "grant.refreshed_failed";
            case EXPIRED -> "grant.expired";
            case DISCONNECTED, REJECTED, UNCONFIRMED -> "grant.revoked";
            case REFUSED, ERASED, PROVIDER_NOTIFIED, PROVIDER_NOT_NOTIFIED -> null;
        };
    }

    /** Nothing of the account: the bot asks the API for it. */
    private static ChangedGrant data(GrantEventRecorded recorded) {
        Grant grant = recorded.grant();
        GrantEvent event = recorded.event();
        return new ChangedGrant(
                grant.id(),
                grant.connector(),
                grant.subject(),
                grant.status(event.at()),
                grant.granted(),
                event.kind(),
                event.actor(),
                recorded.invitation(),
                event.reason(),
                Trace.current());
    }

    private record ChangedGrant(
            GrantId grant,
            ConnectorId connector,
            Subject subject,
            GrantStatus status,
            Scopes granted,
            GrantEventKind cause,
            String actor,
            @Nullable String invitation,
            @Nullable EndReason reason,
            @Nullable String trace) {}

    private record ShortfallMember(MissingJson missing) {}

    private record DeletedGrant(GrantId grant, ConnectorId connector) {}

    private record EndedInvitation(
            String invitation,
            ConnectorId connector,
            Subject subject,
            @Nullable String trace) {}

    private record DeliveryBody(String type, Instant timestamp, JsonObject data) {}

    private void add(String type, Grant grant, Record... data) {
        deliveries.add(
                type,
                grant.connector(),
                grant.id().value(),
                grant.subject(),
                body(type, clock.instant(), data),
                Trace.current());
    }

    private static String body(String type, Instant now, Record... data) {
        return RecordJson.write(new DeliveryBody(type, now, RecordJson.write(data)))
                .toString();
    }
}
