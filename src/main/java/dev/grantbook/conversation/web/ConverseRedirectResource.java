package dev.grantbook.conversation.web;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Receives browsers from a log-in page of the operator. Renders nothing, since its address holds the code. */
@Path("")
public class ConverseRedirectResource {

    @Inject
    WebLinking linking;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @HEAD
    public Response look() {
        return Response.noContent().build();
    }

    @GET
    public Response goOn() {
        ConverseRedirect redirect = ConverseRedirect.parse(request.getQueryString())
                .orElseThrow(() -> Problem.field(
                                "redirect_uri", "one is needed, and at most one authorization_code, both well-formed")
                        .exception());
        return linking.goOn(redirect)
                .redirect(settings)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
