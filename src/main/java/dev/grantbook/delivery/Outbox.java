package dev.grantbook.delivery;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantEvent;
import dev.grantbook.grant.GrantEventRecorded;
import dev.grantbook.grant.GrantJson;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.observability.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happens into messages to bots, in the same transaction: what is rolled back is told to nobody, and what is
 * true is told to everybody who wants to know. What a message says is what was true then; the bot asks for the rest.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class Outbox {

    /** What may leave less granted than is needed. */
    private static final Set<GrantEvent.GrantEventKind> RENEWALS = EnumSet.of(
            GrantEvent.GrantEventKind.GRANTED, GrantEvent.GrantEventKind.IMPORTED, GrantEvent.GrantEventKind.CHANGED);

    @Inject
    Connectors connectors;

    @Inject
    Deliveries deliveries;

    @Inject
    Clock clock;

    void happened(@Observes GrantEventRecorded happened) {
        Grant grant = happened.grant();
        GrantEvent event = happened.event();
        if (event.kind() == GrantEvent.GrantEventKind.ERASED) {
            erased(grant);
            return;
        }
        Optional<Connector> bot = listening(grant.connector());
        String type = type(event.kind());
        if (bot.isEmpty() || type == null) {
            return;
        }
        add(type, grant, data(happened));
        boolean renewed = RENEWALS.contains(event.kind());
        Shortfall shortfall = Shortfall.of(bot.get().need(), grant.granted());
        if (renewed && !shortfall.isMet()) {
            add("grant.shortfall", grant, data(happened).add("missing", GrantJson.missing(shortfall)));
        }
    }

    /** Ids only: whoever asked to be forgotten is not to be named once more. */
    private void erased(Grant grant) {
        // Whatever waits or was told says whose the grant was.
        Instant arrived = deliveries.forgetLine(grant.id());
        if (listening(grant.connector()).isPresent()) {
            var data = Json.createObjectBuilder().add("grant", grant.id()).add("connector", grant.connector());
            String body = body(Delivery.GRANT_DELETED, clock.instant(), data);
            deliveries
                    .add(Delivery.GRANT_DELETED, grant.connector(), grant.id(), "", body, null)
                    .postpone(arrived);
        }
    }

    void ended(@Observes Invitation invitation) {
        Instant now = clock.instant();
        String type = switch (invitation.status(now)) {
            case DENIED -> "invitation.denied";
            case EXPIRED -> "invitation.expired";
            case WAITING, OPENED, GRANTED -> null;
        };
        if (type != null && listening(invitation.connector()).isPresent()) {
            var data = Json.createObjectBuilder()
                    .add("invitation", invitation.id())
                    .add("connector", invitation.connector())
                    .add("subject", invitation.subject());
            String trace = invitation.trace();
            deliveries.add(
                    type,
                    invitation.connector(),
                    invitation.id(),
                    invitation.subject(),
                    body(type, now, traced(data, trace)),
                    trace);
        }
    }

    private Optional<Connector> listening(String connector) {
        return connectors.find(connector).filter(Connector::enabled).filter(found -> found.deliveries() != null);
    }

    /** Null for what changes nothing for the bot, and for what is told in another way. */
    private static @Nullable String type(GrantEvent.GrantEventKind kind) {
        return switch (kind) {
            case GRANTED, IMPORTED -> "grant.created";
            case CHANGED -> "grant.changed";
            case CONFIRMED -> "grant.confirmed";
            case REFRESH_FAILED -> "grant.refreshed_failed";
            case EXPIRED -> "grant.expired";
            case DISCONNECTED, REJECTED, UNCONFIRMED -> "grant.revoked";
            case REFUSED, ERASED, PROVIDER_TOLD, PROVIDER_NOT_TOLD -> null;
        };
    }

    /** Nothing of the account: the bot that wants to know asks, and then it is what is true at that time. */
    private static JsonObjectBuilder data(GrantEventRecorded happened) {
        Grant grant = happened.grant();
        GrantEvent event = happened.event();
        var data = Json.createObjectBuilder()
                .add("grant", grant.id())
                .add("connector", grant.connector())
                .add("subject", grant.subject())
                .add("status", grant.status(event.at()).wire())
                .add("granted", GrantJson.scopes(grant.granted()))
                .add("cause", event.kind().wire())
                .add("actor", event.actor());
        if (happened.invitation() != null) {
            data.add("invitation", happened.invitation());
        }
        GrantJson.reason(data, event.reason());
        return traced(data, Trace.current());
    }

    private void add(String type, Grant grant, JsonObjectBuilder data) {
        deliveries.add(
                type,
                grant.connector(),
                grant.id(),
                grant.subject(),
                body(type, clock.instant(), data),
                Trace.current());
    }

    private static JsonObjectBuilder traced(JsonObjectBuilder data, @Nullable String trace) {
        return trace == null ? data : data.add("trace", trace);
    }

    private static String body(String type, Instant now, JsonObjectBuilder data) {
        return Json.createObjectBuilder()
                .add("type", type)
                .add("timestamp", now.toString())
                .add("data", data)
                .build()
                .toString();
    }
}
