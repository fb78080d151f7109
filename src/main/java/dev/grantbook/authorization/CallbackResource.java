package dev.grantbook.authorization;

import dev.grantbook.authorization.attempt.CallbackResult;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.platform.web.RedirectTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** Redirect URI of a connector. */
@Path("callback/{connector}")
@ApplicationScoped
public class CallbackResource extends RedirectTarget {

    @Inject
    AuthorizationFlow flow;

    @GET
    public Response complete(@PathParam("connector") ConnectorId connector) {
        var response = AuthorizationResponse.parse(request.getQueryString());
        CallbackResult result = flow.complete(
                connector, response, attempt -> BrowserBinding.of(settings, request.getCookies(), attempt));
        return BrowserRedirect.arrive(result, settings, request.getCookies());
    }
}
