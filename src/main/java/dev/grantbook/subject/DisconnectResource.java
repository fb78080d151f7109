package dev.grantbook.subject;

import dev.grantbook.authorization.BrowserBinding;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.Trace;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.revocation.Disconnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Returns to the bot and disconnects, in the browser that made the attempt. */
@Path("")
@ApplicationScoped
public class DisconnectResource {

    @Inject
    Attempts attempts;

    @Inject
    Disconnection disconnection;

    @Inject
    Settings settings;

    @Context
    HttpServletRequest request;

    /** "Back": to the bot's return address. */
    @GET
    @Path("return/{attempt}")
    public Response back(@PathParam("attempt") String id) {
        Attempt attempt = own(id);
        if (attempt.returnTo() == null) {
            throw Problem.of(404, "not-found", "There is nothing at this address.")
                    .exception();
        }
        return Response.seeOther(attempts.findReturn(attempt)).build();
    }

    /** "Disconnect" on the permissions page. */
    @POST
    @Path("disconnect")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response disconnect(@FormParam("attempt") @Nullable String id) {
        if (id == null) {
            throw Problem.field("attempt", "missing").exception();
        }
        GrantId grant = own(id).ownGrantId();
        if (grant != null) {
            disconnection.disconnect(grant, "user");
        }
        return Response.seeOther(settings.publicUrl("/permissions")).build();
    }

    private Attempt own(String id) {
        Secret browser = BrowserBinding.of(settings, request.getCookies(), id).orElseThrow(this::notYours);
        Attempt attempt =
                attempts.find(id).filter(found -> found.isFrom(browser)).orElseThrow(this::notYours);
        Trace.follow(attempt.trace());
        return attempt;
    }

    private RuntimeException notYours() {
        return Problem.of(403, "other-browser", "This was started in another browser, or too long ago.")
                .exception();
    }
}
