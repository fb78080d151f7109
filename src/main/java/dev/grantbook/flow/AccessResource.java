package dev.grantbook.flow;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grants;
import dev.grantbook.platform.JsonBody;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** The bot's one question: may I, and if not, what is missing and where does the user go? */
@Path("access")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AccessResource {

    @Inject
    JsonBody bodies;

    @Inject
    InvitationRequests requests;

    @Inject
    Invitations invitations;

    @Inject
    Grants grants;

    @Inject
    AccessAnswer answer;

    @Inject
    Caller caller;

    @POST
    public JsonObject access(InputStream body) throws IOException {
        caller.require(Permission.STATUS);
        JsonObject json = bodies.read(body, "AccessRequest");
        Connector connector = requests.connector(json);
        Invitation.Request request = requests.parse(json, connector);
        var grant = grants.find(connector.id(), request.subject(), request.accountId());
        var need = connector.need(request.features(), request.scopes());
        return answer.write(connector, request.subject(), need, grant, request.locale(), () -> {
            requests.checkAccount(request, connector);
            return invitations.issue(request, caller.actor());
        });
    }
}
