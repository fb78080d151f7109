package dev.grantbook.authorization;

import dev.grantbook.authorization.attempt.CallbackResult;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.platform.config.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/**
 * Redirect URI of connectors with {@code callback: shared}: {@code /connector/callback}, as of apps that were
 * registered for Cyclr. The state identifies the attempt.
 */
@Path("callback")
public class SharedCallbackResource {

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
    public Response complete() {
        var response = AuthorizationResponse.parse(request.getQueryString());
        CallbackResult result =
                flow.complete(null, response, attempt -> BrowserBinding.of(settings, request.getCookies(), attempt));
        return BrowserRedirect.arrive(result, settings, request.getCookies());
    }
}
