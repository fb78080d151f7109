package dev.grantbook.authorization;

import dev.grantbook.authorization.attempt.CallbackResult;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.platform.web.RedirectTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/**
 * Redirect URI of connectors with {@code callback: shared}: {@code /connector/callback}, as of apps that were
 * registered for Cyclr. The state identifies the attempt.
 */
@Path("callback")
@ApplicationScoped
public class SharedCallbackResource extends RedirectTarget {

    @Inject
    AuthorizationFlow flow;

    @GET
    public Response complete() {
        var response = AuthorizationResponse.parse(request.getQueryString());
        CallbackResult result =
                flow.complete(null, response, attempt -> BrowserBinding.of(settings, request.getCookies(), attempt));
        return BrowserRedirect.arrive(result, settings, request.getCookies());
    }
}
