package dev.grantbook.grant.confirmation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.problem.Problem;
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

/** Takes a confirmation code for a bot that knows the subject, not the grant. */
@Path("confirmations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ConfirmationsResource {

    @Inject
    ConfirmationRequests requests;

    @Inject
    Confirmations confirmations;

    @Inject
    Connectors connectors;

    @Inject
    Caller caller;

    @POST
    public JsonObject confirm(InputStream body) throws IOException {
        JsonObject json = requests.read(body, "ConfirmationRequest");
        ConnectorId connector = new ConnectorId(json.getString("connector"));
        caller.requireConnector(connector);
        if (connectors.find(connector).isEmpty()) {
            throw Problem.field("connector", "there is no connector with this id")
                    .exception();
        }
        ConfirmationCode code = ConfirmationRequests.code(json);
        return requests.answer(
                confirmations.confirmFor(connector, new Subject(json.getString("subject")), code, caller.actor()));
    }
}
