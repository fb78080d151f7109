package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.web.RequestBody;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** "Try the demo bot". */
@Path("")
public class DemoResource {

    @Inject
    DemoBot bot;

    @Inject
    Settings settings;

    /** With {@code visitor=new} the browser gets a new chat user. */
    @POST
    @Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
    public Response run(@Context HttpServletRequest request, InputStream body) throws IOException {
        Parameters form = RequestBody.form(body, RequestBody.SMALL);
        Optional<Connector> connector = bot.connector();
        if (connector.isEmpty()) {
            // The chat page says that there is no demo.
            return Response.seeOther(settings.publicUrl(DemoBot.CHAT)).build();
        }
        Optional<String> known = "new".equals(form.get("visitor")) ? Optional.empty() : bot.visitor(request);
        String visitor = known.orElseGet(bot::newVisitor);
        return bot.redirect(bot.invite(connector.get(), visitor), visitor);
    }
}
