package dev.grantbook.grant.confirmation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.grant.CallerGrants;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.id.GrantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** Takes the confirmation code of one grant. */
@Path("grants/{id}/confirm")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ConfirmResource {

    @Inject
    ConfirmationRequests requests;

    @Inject
    Confirmations confirmations;

    @Inject
    CallerGrants grants;

    @Inject
    Caller caller;

    @POST
    public JsonObject confirm(@PathParam("id") GrantId id, InputStream body) throws IOException {
        JsonObject json = requests.read(body, "ConfirmRequest");
        ConfirmationCode code = ConfirmationRequests.code(json);
        return requests.answer(confirmations.confirm(grants.find(id).id(), code, caller.actor()));
    }
}
