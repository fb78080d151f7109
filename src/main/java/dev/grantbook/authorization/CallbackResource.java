package dev.grantbook.authorization;

import dev.grantbook.authorization.attempt.CallbackResult;
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
import jakarta.ws.rs.core.Response;

/** Redirect URI of a connector. Renders nothing, since its address holds the code. */
@Path("callback/{connector}")
public class CallbackResource {

    @Inject
    AuthorizationFlow flow;

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
        CallbackResult result = flow.complete(
                connector, response, attempt -> BrowserBinding.of(settings, request.getCookies(), attempt));
        return BrowserRedirect.arrive(result, settings, request.getCookies());
    }
}
