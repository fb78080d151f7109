package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays the back end of a bot and its chat. Each browser plays one chat user; a real bot knows its users from the
 * messenger.
 */
@ApplicationScoped
class DemoBot {

    /** Connector id in the sample connectors file. */
    static final String CONNECTOR = "demo-mixin";

    static final String CHAT = "/sandbox/chat";

    /** Names the browser's chat user; it is no credential. */
    private static final String COOKIE = "sandbox-visitor";

    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final Pattern VISITOR = Pattern.compile("demo-visitor-[0-9a-z]{8}");

    @Inject
    Connectors connectors;

    @Inject
    Invitations invitations;

    @Inject
    Grants grants;

    @Inject
    Settings settings;

    @Inject
    SecureRandom random;

    @Inject
    Clock clock;

    /** Empty when the operator's own connectors file does not declare the demo. */
    Optional<Connector> connector() {
        return connectors.find(new ConnectorId(CONNECTOR)).filter(Connector::enabled);
    }

    URI api() {
        return settings.publicUrl("/api/v1/access");
    }

    String newVisitor() {
        return "demo-visitor-"
                + Secret.random(random).value().toLowerCase(Locale.ROOT).substring(0, 8);
    }

    /** The chat user of the browser; empty without a well-formed cookie. */
    Optional<String> visitor(HttpServletRequest request) {
        return Stream.ofNullable(request.getCookies())
                .flatMap(Stream::of)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .filter(VISITOR.asMatchPredicate())
                .findFirst();
    }

    /** Redirects a browser and keeps its chat user. */
    Response redirect(URI address, String visitor) {
        var cookie = new NewCookie.Builder(COOKIE)
                .value(visitor)
                .path("/sandbox")
                .httpOnly(true)
                .secure(settings.https())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) REMEMBERED.toSeconds())
                .build();
        return Response.seeOther(address)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookie)
                .build();
    }

    /** Makes the link that the bot sends when a permission is missing. */
    URI invite(Connector connector, String visitor) {
        String chat = settings.publicUrl(CHAT).toString();
        var request = new Invitation.Request(
                connector.id(),
                new Subject(visitor),
                null,
                List.of(),
                Scopes.NONE,
                connector.returnUrls().allow(chat) ? chat : null,
                null,
                null);
        return invitations.issue(request, "sandbox").link();
    }

    /** What the bot lacks for this visitor now. */
    Shortfall shortfall(Connector connector, @Nullable String visitor) {
        Scopes granted = Optional.ofNullable(visitor)
                .flatMap(name -> grants.find(connector.id(), new Subject(name), null))
                .filter(grant -> grant.isActive(clock.instant()))
                .map(Grant::granted)
                .orElse(Scopes.NONE);
        return Shortfall.of(connector.need(), granted);
    }
}
