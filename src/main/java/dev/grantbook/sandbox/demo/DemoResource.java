package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.web.RequestBody;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** "Try the demo bot". */
@Path("")
public class DemoResource {

    /** Who the browser stands for. It proves nothing, and nothing depends on it. */
    static final String COOKIE = "sandbox-visitor";

    private static final Duration REMEMBERED = Duration.ofDays(30);

    @Inject
    DemoBot bot;

    @Inject
    Settings settings;

    /** With {@code visitor=new} the browser stands for somebody else from now on. */
    @POST
    @Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
    public Response run(@CookieParam(COOKIE) @Nullable String remembered, InputStream body) throws IOException {
        Parameters form = RequestBody.form(body, RequestBody.SMALL);
        Optional<Connector> connector = bot.connector();
        if (connector.isEmpty()) {
            // The chat page says that there is no demo.
            return Response.seeOther(settings.publicUrl(DemoBot.CHAT)).build();
        }
        Optional<String> known = "new".equals(form.get("visitor")) ? Optional.empty() : bot.visitor(remembered);
        String visitor = known.orElseGet(bot::newVisitor);
        URI link = bot.invite(connector.get(), visitor);
        return Response.seeOther(link)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookie(settings, visitor))
                .build();
    }

    static NewCookie cookie(Settings settings, String visitor) {
        return new NewCookie.Builder(COOKIE)
                .value(visitor)
                .path("/sandbox")
                .httpOnly(true)
                .secure(settings.https())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) REMEMBERED.toSeconds())
                .build();
    }
}
