package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
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
import java.net.URI;
import java.util.Optional;

/** Messages and buttons of the web chat. */
@Path("")
public class WebChatResource {

    @Inject
    DemoBot bot;

    @Inject
    WebChat chat;

    @Inject
    Settings settings;

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response say(@Context HttpServletRequest request, InputStream body) throws IOException {
        Parameters form = RequestBody.form(body, RequestBody.SMALL);
        Optional<Connector> connector = bot.connector();
        if (connector.isEmpty()) {
            // The page says that there is no demo.
            return Response.seeOther(settings.publicUrl(WebChat.PAGE)).build();
        }
        String visitor = bot.visitor(request).orElseGet(bot::newVisitor);
        return bot.redirect(answer(String.valueOf(form.get("act")), connector.get(), visitor), visitor);
    }

    private URI answer(String act, Connector connector, String visitor) {
        return switch (act) {
            case "ask" -> settings.publicUrl(WebChat.PAGE + "?said=portfolio");
            case "link" -> chat.offer(connector, visitor).url();
            case "log-out" -> {
                chat.logOut(connector, visitor);
                yield settings.publicUrl(WebChat.PAGE);
            }
            default ->
                throw Problem.field("act", "must be ask, link or log-out").exception();
        };
    }
}
