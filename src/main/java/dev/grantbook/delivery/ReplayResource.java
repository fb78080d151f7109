package dev.grantbook.delivery;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connectors;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.JsonBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends all parked messages of a connector again. */
@Path("deliveries:replay")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ReplayResource {

    private static final Logger LOG = Logger.getLogger(ReplayResource.class.getName());

    @Inject
    JsonBody bodies;

    @Inject
    Connectors connectors;

    @Inject
    Deliveries deliveries;

    @Inject
    Caller caller;

    @POST
    public Response replay(InputStream body) throws IOException {
        caller.require(Permission.STATUS);
        ConnectorId connector =
                new ConnectorId(bodies.read(body, "ReplayRequest").getString("connector"));
        caller.requireConnector(connector);
        if (connectors.find(connector).isEmpty()) {
            throw Problem.field("connector", "there is no connector with this id")
                    .exception();
        }
        int replayed = deliveries.replayParked(connector, null);
        LOG.log(Level.INFO, "{0} had {1} parked messages of {2} sent again", new Object[] {
            caller.actor(), replayed, connector
        });
        return Response.accepted(RecordJson.write(new ReplayJson(replayed))).build();
    }

    private record ReplayJson(int replayed) {}
}
