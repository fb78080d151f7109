package dev.grantbook.conversation.web;

import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.RedirectTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Receives browsers from a log-in page of the operator. */
@Path("")
@ApplicationScoped
public class ConverseRedirectResource extends RedirectTarget {

    @Inject
    WebLinking linking;

    @GET
    public Response goOn() {
        ConverseRedirect redirect = ConverseRedirect.parse(request.getQueryString())
                .orElseThrow(() -> Problem.field(
                                "redirect_uri", "one is needed, and at most one authorization_code, both well-formed")
                        .exception());
        return linking.goOn(redirect).redirect(settings).build();
    }
}
