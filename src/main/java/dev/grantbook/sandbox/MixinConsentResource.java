package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.Problem;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** The buttons of Mixin's consent page. */
@Path("oauth/authorize")
public class MixinConsentResource {

    @Inject
    Mixin mixin;

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response decide(InputStream body) throws IOException {
        Parameters form = SmallBody.form(body);
        Scopes always = mixin.descriptor().always();
        // What is ticked is what is granted; the boxes that cannot be unticked are not sent.
        form.with("scope", always + " " + String.join(" ", form.all("scope")));
        try {
            var request = mixin.read(form);
            Connector client = mixin.client(request.clientId());
            return Response.status(Response.Status.SEE_OTHER)
                    .header(HttpHeaders.LOCATION, location(form, request, clients.redirectUri(client)))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build();
        } catch (MixinRefusal refusal) {
            // Somebody changed the page; the page itself would not have shown the buttons.
            throw Problem.of(400, "invalid-request", refusal.description()).exception();
        }
    }

    private String location(Parameters form, MixinAuthorizationRequest request, URI redirectUri) {
        if (!"authorize".equals(form.get("decision"))) {
            return request.refused(redirectUri);
        }
        var account = SandboxAccount.of(form.get("account"))
                .orElseThrow(() -> MixinRefusal.invalid("account", "no account of the sandbox was chosen."));
        var consent = new SandboxAuthorization.Consent(
                Mixin.ID, request.clientId(), account, request.scopes(), request.challenge());
        return request.granted(redirectUri, authorizations.issue(consent));
    }
}
