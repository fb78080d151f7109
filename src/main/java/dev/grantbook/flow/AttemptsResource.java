package dev.grantbook.flow;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Json;
import dev.grantbook.platform.Problem;
import dev.grantbook.platform.ProblemException;
import jakarta.inject.Inject;
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
        var secret = new Secret(handle);
        Attempt attempt = attempts.findByHandle(secret)
                .filter(found -> caller.mayUse(found.connector()))
                .orElseThrow(AttemptsResource::unknown);
        Connector connector = connectors
                .find(attempt.connector())
                .orElseThrow(() -> Problem.of(409, "unknown-provider", "This attempt's provider is not known any more.")
                        .exception());
        Optional<Grant> grant = flow.grant(attempt);
        String subject = grant.map(Grant::subject).orElse(attempt.subject() == null ? "" : attempt.subject());
        var need = connector.need(attempt.features(), attempt.scopes());
        // No link: the web app sends its visitor to the public start again.
        JsonObject told = answer.write(connector, subject, need, grant, attempt.locale(), null);
        // Not before there is an answer: whoever gets none has to ask again.
        if (attempts.redeem(secret, found -> true).isEmpty()) {
            throw unknown();
        }
        return attempt.trace() == null
                ? told
                : Json.createObjectBuilder(told).add("trace", attempt.trace()).build();
    }

    private static ProblemException unknown() {
        return Problem.of(404, "unknown-attempt", "This handle is unknown or was used before.")
                .exception();
    }
}
