package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.RequestBody;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the visitor of the web chat says and presses. */
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
    public Response say(@CookieParam(DemoResource.COOKIE) @Nullable String remembered, InputStream body)
            throws IOException {
        Parameters form = RequestBody.form(body, RequestBody.SMALL);
        Optional<Connector> connector = bot.connector();
        if (connector.isEmpty()) {
            // The page says that there is no demo.
            return Response.seeOther(settings.publicUrl(WebChat.PAGE)).build();
        }
        String visitor = bot.visitor(remembered).orElseGet(bot::newVisitor);
        return Response.seeOther(answer(String.valueOf(form.get("act")), connector.get(), visitor))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(DemoResource.cookie(settings, visitor))
                .build();
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
