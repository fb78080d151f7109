package dev.grantbook.flow;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Problem;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** What came of a public start, for the web app that the visitor went back to. */
@Path("attempts")
@Produces(MediaType.APPLICATION_JSON)
public class AttemptsResource {

    @Inject
    Attempts attempts;

    @Inject
    AuthorizationFlow flow;

    @Inject
    Connectors connectors;

    @Inject
    AccessAnswer answer;

    @Inject
    Caller caller;

    /** Works once for each handle: what rides on a URL ends up in histories and logs. */
    @GET
    @Path("{handle}")
    public JsonObject show(@PathParam("handle") String handle) {
        caller.require(Permission.STATUS);
        Attempt attempt = attempts.redeem(new Secret(handle), found -> caller.mayUse(found.connector()))
                .orElseThrow(() -> Problem.of(404, "unknown-attempt", "This handle is unknown or was used before.")
                        .exception());
        Connector connector = connectors.find(attempt.connector()).orElseThrow();
        Optional<Grant> grant = flow.grant(attempt);
        String subject = grant.map(Grant::subject).orElse(attempt.subject() == null ? "" : attempt.subject());
        var need = connector.need(attempt.features(), attempt.scopes());
        // No link: the web app sends its visitor to the public start again.
        JsonObject told = answer.write(connector, subject, need, grant, attempt.locale(), null);
        return attempt.trace() == null
                ? told
                : Json.createObjectBuilder(told).add("trace", attempt.trace()).build();
    }
}
