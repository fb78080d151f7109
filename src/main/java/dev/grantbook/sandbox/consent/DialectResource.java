package dev.grantbook.sandbox.consent;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.RequestBody;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.Dialects;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.stream.Collectors;

/** Routes calls to the dialects, and serves the buttons of the pages that they share. */
@Path("{dialect}")
public class DialectResource {

    @Inject
    Dialects dialects;

    @Inject
    Consents consents;

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    @PathParam("dialect")
    String id = "";

    /** The buttons of the consent page. */
    @POST
    @Path("consent")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response decide(InputStream body) throws IOException {
        return Response.status(Response.Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, consents.decide(dialect(), RequestBody.form(body, RequestBody.SMALL)))
                .build();
    }

    /** The buttons of the page on authorizations: "Revoke", or "Take back" with each ticked {@code scope}. */
    @POST
    @Path("authorizations")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke(InputStream body) throws IOException {
        Dialect dialect = dialect();
        Parameters form = RequestBody.form(body, RequestBody.SMALL);
        SandboxAccount account = SandboxAccount.of(form.get("account"))
                .orElseThrow(() ->
                        Problem.field("account", "no account of the sandbox").exception());
        String clientId = form.get("client_id");
        if (clientId == null) {
            throw Problem.field("client_id", "missing").exception();
        }
        if ("withdraw".equals(form.get("decision"))) {
            form.all("scope").forEach(scope -> authorizations.withdraw(id, account, clientId, scope));
        } else {
            authorizations.revoke(id, account, clientId);
            clients.at(id, clientId).ifPresent(client -> dialect.revoke(client, account));
        }
        return Response.seeOther(settings.publicUrl(SandboxClients.HOME + id + "/authorizations"))
                .build();
    }

    @GET
    @Path("{path: .+}")
    public Response get(@PathParam("path") String path) throws IOException {
        return answer(path, InputStream.nullInputStream());
    }

    @POST
    @Path("{path: .+}")
    @Consumes(MediaType.WILDCARD)
    public Response post(@PathParam("path") String path, InputStream body) throws IOException {
        return answer(path, body);
    }

    @PATCH
    @Path("{path: .+}")
    @Consumes(MediaType.WILDCARD)
    public Response patch(@PathParam("path") String path, InputStream body) throws IOException {
        return answer(path, body);
    }

    @DELETE
    @Path("{path: .+}")
    @Consumes(MediaType.WILDCARD)
    public Response delete(@PathParam("path") String path, InputStream body) throws IOException {
        return answer(path, body);
    }

    private Response answer(String path, InputStream in) throws IOException {
        String body = new String(RequestBody.read(in, RequestBody.SMALL), StandardCharsets.UTF_8);
        Dialect dialect = dialect();
        var call = new SandboxCall(
                request.getMethod(),
                path,
                query(),
                uri(),
                Collections.list(request.getHeaderNames()).stream()
                        .collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), request::getHeader)),
                body);
        SandboxReply answer;
        try {
            answer = dialect.answer(call);
        } catch (Refusal refusal) {
            answer = refusal.answer();
        }
        var response = Response.status(answer.status()).type(answer.type()).entity(answer.body());
        answer.headers().forEach(response::header);
        return response.build();
    }

    /** Path and query as the provider would see them, without the sandbox's prefix. */
    private String uri() {
        String address = request.getRequestURI();
        String home = SandboxClients.HOME + id;
        String query = request.getQueryString();
        int start = address.indexOf(home);
        return (start < 0 ? address : address.substring(start + home.length())) + (query == null ? "" : "?" + query);
    }

    private Parameters query() {
        try {
            return Parameters.parse(request.getQueryString());
        } catch (IllegalArgumentException e) {
            throw Problem.of(400, "invalid-request", "The query is not well-formed.")
                    .exception();
        }
    }

    private Dialect dialect() {
        return dialects.find(id)
                .orElseThrow(() -> Problem.of(404, "not-found", "The sandbox does not speak like this provider.")
                        .exception());
    }
}
