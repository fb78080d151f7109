package dev.grantbook.notice;

import dev.grantbook.platform.Settings;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** What a provider signs and posts about one account: that it took everything back, or wants to be forgotten. */
@Path("{connector}")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class SignedRequestResource {

    @Inject
    Notices notices;

    @Inject
    Settings settings;

    @PathParam("connector")
    String connector = "";

    @FormParam("signed_request")
    @Nullable
    String signedRequest;

    @POST
    @Path("deauthorize")
    public Response deauthorize() {
        notices.deauthorized(connector, signedRequest);
        return Response.ok().build();
    }

    /** The person is told the address and the code by the provider; the page there says what became of it. */
    @POST
    @Path("deletion")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonObject delete() {
        String code = notices.deletionAsked(connector, signedRequest).value();
        return Json.createObjectBuilder()
                .add("url", settings.publicUrl("/notices/deletions/" + code).toString())
                .add("confirmation_code", code)
                .build();
    }
}
