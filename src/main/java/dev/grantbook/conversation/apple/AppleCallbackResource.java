package dev.grantbook.conversation.apple;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.platform.config.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Redirect URI of the log-in page in Apple Messages. Renders nothing, since its address holds the code. */
@Path("apple/{connector}/callback")
public class AppleCallbackResource {

    @Inject
    AppleLinking linking;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @HEAD
    public Response look() {
        return Response.noContent().build();
    }

    @GET
    public Response complete(@PathParam("connector") ConnectorId connector) {
        var response = AuthorizationResponse.parse(request.getQueryString());
        return linking.complete(connector, response)
                .redirect(settings)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
