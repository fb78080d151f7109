package dev.grantbook.notice;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.RequestBody;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** Receives signed requests about one account: that it removed the app, or demands deletion. */
@Path("{connector}")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class SignedRequestResource {

    /** Bytes; a signed request with every character percent-encoded, and room for more parameters. */
    private static final int LARGEST = 32 * 1024;

    @Inject
    Notices notices;

    @Inject
    Settings settings;

    @PathParam("connector")
    @SuppressWarnings("NullAway.Init")
    ConnectorId connector;

    @POST
    @Path("deauthorize")
    public Response deauthorize(InputStream body) throws IOException {
        notices.deauthorize(connector, readSignedRequest(body));
        return Response.ok().build();
    }

    /** The provider shows its user the address of our page and the code. */
    @POST
    @Path("deletion")
    @Produces(MediaType.WILDCARD)
    public Response delete(InputStream body) throws IOException {
        String code = notices.deletionAsked(connector, readSignedRequest(body)).value();
        JsonObject reply = RecordJson.write(new DeletionJson(settings.publicUrl("/notices/deletions/" + code), code));
        return Response.ok(reply.toString(), MediaType.APPLICATION_JSON).build();
    }

    private record DeletionJson(URI url, String confirmationCode) {}

    /** Not a form parameter, which would accept a form of any size. */
    private static String readSignedRequest(InputStream body) throws IOException {
        String signedRequest = RequestBody.form(body, LARGEST).get("signed_request");
        if (signedRequest == null || signedRequest.isEmpty()) {
            throw Problem.field("signed_request", "missing").exception();
        }
        return signedRequest;
    }
}
