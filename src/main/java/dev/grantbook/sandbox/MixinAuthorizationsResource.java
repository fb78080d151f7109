package dev.grantbook.sandbox;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.Problem;
import dev.grantbook.platform.Settings;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** The "Revoke" buttons of Mixin's page on authorizations. */
@Path("authorizations")
public class MixinAuthorizationsResource {

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    Settings settings;

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke(InputStream body) throws IOException {
        Parameters form = SmallBody.form(body);
        SandboxAccount account = SandboxAccount.of(form.get("account"))
                .orElseThrow(() ->
                        Problem.field("account", "no account of the sandbox").exception());
        String clientId = form.get("client_id");
        if (clientId == null) {
            throw Problem.field("client_id", "missing").exception();
        }
        // Whether there was anything to revoke does not matter: afterwards there is not.
        authorizations.revoke(Mixin.ID, account, clientId);
        return Response.seeOther(settings.publicUrl(Mixin.AUTHORIZATIONS)).build();
    }
}
