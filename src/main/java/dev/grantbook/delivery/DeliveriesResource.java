package dev.grantbook.delivery;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.delivery.Delivery.DeliveryState;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.json.WireName;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.QueryParameters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lists messages to bots, and sends one again. */
@Path("deliveries")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class DeliveriesResource {

    private static final Logger LOG = Logger.getLogger(DeliveriesResource.class.getName());

    private static final Set<String> PARAMETERS = Set.of("connector", "subject", "state", "cursor", "limit");
    private static final int USUAL_PAGE = 50;

    @Inject
    Deliveries deliveries;

    @Inject
    Caller caller;

    @GET
    public JsonObject list(@Context UriInfo uri) {
        caller.require(Permission.STATUS);
        var query = new QueryParameters(uri, PARAMETERS);
        Deliveries.DeliveryPage part = deliveries.page(
                caller.only(query.get("connector", ConnectorId::new)),
                query.get("subject", Subject::new),
                state(query.get("state")),
                cursor(query.get("cursor")),
                query.number("limit", USUAL_PAGE, Deliveries.LONGEST_PAGE));
        return RecordJson.write(new DeliveryList(
                part.deliveries().stream().map(DeliveryJson::of).toList(),
                part.next() == null ? null : part.next().toString()));
    }

    private record DeliveryList(
            List<DeliveryJson> deliveries, @Nullable String nextCursor) {}

    @POST
    @Path("{id}/replay")
    public Response replay(@PathParam("id") String id) {
        caller.require(Permission.STATUS);
        Delivery again = deliveries
                .replay(own(id).id())
                .orElseThrow(() -> Problem.of(409, "still-waiting", "This message still waits to be sent.")
                        .exception());
        LOG.log(Level.INFO, "{0} had a message sent again: {1}", new Object[] {caller.actor(), id});
        return Response.accepted(RecordJson.write(DeliveryJson.of(again))).build();
    }

    /** Hides messages of connectors that the key may not use. */
    private Delivery own(String id) {
        return deliveries
                .find(id)
                .filter(delivery -> caller.mayUse(delivery.connector()))
                .orElseThrow(() -> Problem.of(404, "unknown-delivery", "There is no message with this id.")
                        .exception());
    }

    private record DeliveryJson(
            String id,
            String type,
            ConnectorId connector,
            String subject,
            @Nullable String grant,
            @Nullable String invitation,
            DeliveryState state,
            Instant createdAt,
            int tries,
            @Nullable String lastAnswer,
            @Nullable String trace,
            @Nullable Instant dueAt,
            @Nullable Instant settledAt) {

        static DeliveryJson of(Delivery delivery) {
            return new DeliveryJson(
                    delivery.id(),
                    delivery.type(),
                    delivery.connector(),
                    delivery.subject() == null ? "" : delivery.subject().value(),
                    delivery.isAboutGrant() ? delivery.line() : null,
                    delivery.isAboutGrant() ? null : delivery.line(),
                    delivery.state(),
                    delivery.createdAt(),
                    delivery.tries(),
                    delivery.lastAnswer(),
                    delivery.trace(),
                    delivery.isWaiting() ? delivery.dueAt() : null,
                    delivery.settledAt());
        }
    }

    private static @Nullable DeliveryState state(@Nullable String text) {
        Optional<DeliveryState> known = WireName.parse(DeliveryState.class, text);
        if (text != null && known.isEmpty()) {
            throw Problem.field("state", "must be waiting, delivered or parked").exception();
        }
        return known.orElse(null);
    }

    private static @Nullable Long cursor(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return Deliveries.DeliveryPage.parse(text)
                .orElseThrow(() -> Problem.field("cursor", "must be a next_cursor of an earlier answer")
                        .exception());
    }
}
