package dev.grantbook.invitation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.JsonBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
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
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Issues invitations and shows them. */
@Path("invitations")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
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
        JsonObject answer = RecordJson.write(describe(issued.invitation()), new IssuedUrl(issued.link()));
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
                .map(RecordJson::write)
                .orElseThrow(() -> Problem.of(404, "unknown-invitation", "There is no invitation with this id.")
                        .exception());
    }

    private InvitationJson describe(Invitation invitation) {
        return new InvitationJson(
                invitation.id(),
                invitation.connector(),
                invitation.subject(),
                invitation.status(clock.instant()),
                invitation.createdAt(),
                invitation.expiresAt(),
                invitation.grantId(),
                invitation.trace(),
                invitations.context(invitation).orElse(null));
    }

    private record InvitationJson(
            String id,
            ConnectorId connector,
            Subject subject,
            Invitation.InvitationStatus status,
            Instant createdAt,
            Instant expiresAt,
            @Nullable GrantId grant,
            @Nullable String trace,
            @Nullable JsonValue context) {}

    private record IssuedUrl(URI url) {}
}
