package dev.grantbook.conversation.apple;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.platform.web.RedirectTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

/** Redirect URI of the log-in page in Apple Messages. */
@Path("apple/{connector}/callback")
@ApplicationScoped
public class AppleCallbackResource extends RedirectTarget {

    @Inject
    AppleLinking linking;

    @GET
    public Response complete(@PathParam("connector") ConnectorId connector) {
        var response = AuthorizationResponse.parse(request.getQueryString());
        return linking.complete(connector, response).redirect(settings).build();
    }
}
