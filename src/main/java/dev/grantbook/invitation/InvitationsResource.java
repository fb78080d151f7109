package dev.grantbook.invitation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.JsonBody;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;

/** Links for users, and what became of them. */
@Path("invitations")
@Produces(MediaType.APPLICATION_JSON)
public class InvitationsResource {

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Invitations invitations;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response invite(InputStream body) throws IOException {
        caller.require(Permission.INVITE);
        JsonObject json = bodies.read(body, "InvitationRequest");
        Connector connector = requests.connector(json);
        Invitation.Request request = requests.parse(json, connector);
        requests.checkAccount(request, connector);
        Invitations.IssuedInvitation issued = invitations.issue(request, caller.actor());
        JsonObject answer = describe(issued.invitation())
                .add("url", issued.link().toString())
                .build();
        return Response.status(Response.Status.CREATED)
                .location(settings.publicUrl(
                        "/api/v1/invitations/" + issued.invitation().id()))
                .entity(answer)
                .build();
    }

    @GET
    @Path("{id}")
    public JsonObject show(@PathParam("id") String id) {
        caller.require(Permission.STATUS);
        return invitations
                .find(id)
                .filter(invitation -> caller.mayUse(invitation.connector()))
                .map(this::describe)
                .map(JsonObjectBuilder::build)
                .orElseThrow(() -> Problem.of(404, "unknown-invitation", "There is no invitation with this id.")
                        .exception());
    }

    private JsonObjectBuilder describe(Invitation invitation) {
        var json = Json.createObjectBuilder()
                .add("id", invitation.id())
                .add("connector", invitation.connector())
                .add("subject", invitation.subject())
                .add("status", invitation.status(clock.instant()).wire())
                .add("created_at", invitation.createdAt().toString())
                .add("expires_at", invitation.expiresAt().toString());
        if (invitation.grantId() != null) {
            json.add("grant", invitation.grantId());
        }
        if (invitation.trace() != null) {
            json.add("trace", invitation.trace());
        }
        invitations.context(invitation).ifPresent(context -> json.add("context", context));
        return json;
    }
}
