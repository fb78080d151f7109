package dev.grantbook.access;

import dev.grantbook.access.AccessDecision.Authorized;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.InvitationRequests;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.web.JsonBody;
import dev.grantbook.token.TokenUsage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** Answers an {@link AccessQuestion}, with a link for the user when the bot may not go on. */
@Path("access")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class AccessResource {

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Invitations invitations;

    @Inject
    AccessDecisions decisions;

    @Inject
    TokenUsage usage;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @POST
    public JsonObject access(InputStream body) throws IOException {
        caller.require(Permission.STATUS);
        JsonObject json = bodies.read(body, "AccessRequest");
        Connector connector = requests.connector(json);
        Invitation.Request request = requests.parse(json, connector);
        Freshness freshness = caller.may(Permission.TOKEN) ? Freshness.FRESH : Freshness.NO_TOKEN;
        AccessDecision decision = decisions
                .decide(AccessQuestion.of(connector, request, freshness))
                .orUnavailable();
        usage.count(decision.handedOut());
        return RecordJson.write(
                AccessAnswer.of(decision, request.locale(), settings),
                invitations.origin(decision.grant()),
                decision instanceof Authorized ? null : requests.offer(request, connector));
    }
}
