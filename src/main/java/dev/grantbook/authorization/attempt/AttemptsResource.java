package dev.grantbook.authorization.attempt;

import dev.grantbook.access.AccessAnswer;
import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.token.TokenUsage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Outcome of a public start, for the web app that the visitor returned to. */
@Path("attempts")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class AttemptsResource {

    @Inject
    Attempts attempts;

    @Inject
    AttemptDecisions decisions;

    @Inject
    Connectors connectors;

    @Inject
    Invitations invitations;

    @Inject
    TokenUsage usage;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    /** Works once for each handle, since URLs end up in histories and logs. */
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
        Freshness freshness = caller.may(Permission.TOKEN) ? Freshness.FRESH : Freshness.NO_TOKEN;
        AccessDecision decision =
                decisions.decide(attempt, connector, freshness).orUnavailable();
        usage.count(decision.handedOut());
        JsonObject answer = RecordJson.write(
                AccessAnswer.of(decision, attempt.locale(), settings),
                invitations.origin(decision.grant()),
                new Traced(attempt.trace()));
        // After the answer is made: a bot that receives an error asks again.
        if (attempts.redeem(secret, found -> true).isEmpty()) {
            throw unknown();
        }
        return answer;
    }

    private record Traced(@Nullable String trace) {}

    private static ProblemException unknown() {
        return Problem.of(404, "unknown-attempt", "This handle is unknown or was used before.")
                .exception();
    }
}
