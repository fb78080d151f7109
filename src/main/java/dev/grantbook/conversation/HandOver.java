package dev.grantbook.conversation;

import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.ConversationLinks.Receipt;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.servlet.http.Cookie;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The code that a chat user hands to the bot where an authorization code arrived in a conversation and the connector
 * demands {@code confirmation: code}: whoever logged in may be somebody to whom the link was passed on. It is made of
 * the authorization code, which only that browser and the platform have seen, and shown to that browser alone, by a
 * cookie.
 */
public final class HandOver {

    /** How long a page may show it: as long as the authorization code waits, and then as long as the grant does. */
    private static final Duration SHOWN = Duration.ofMinutes(20);

    private HandOver() {}

    /** @return empty where nothing has to be confirmed */
    public static Optional<ConfirmationCode> of(Connector connector, String conversation, Secret authorizationCode) {
        return connector.confirmation() == Confirmation.CODE
                ? Optional.of(ConfirmationCode.of(
                        new Secret(
                                Conversations.split(authorizationCode.value()).get(0)),
                        conversation))
                : Optional.empty();
    }

    /**
     * Where a browser goes that brought an authorization code.
     *
     * @param link the link that led to it
     * @param code what its closing page shows; null for nothing
     */
    public record Arrival(URI page, String link, @Nullable ConfirmationCode code) {

        public static Arrival at(URI page) {
            return new Arrival(page, "", null);
        }

        /**
         * @param connector null when it is not known any more
         * @param code the authorization code that was kept; null for none
         */
        public static Arrival of(
                Receipt.LinkUsed received, @Nullable Connector connector, @Nullable Secret code, Settings settings) {
            return new Arrival(
                    ConversationReturn.page(settings, received.handle()),
                    received.found().link().id(),
                    connector == null || code == null
                            ? null
                            : HandOver.of(
                                            connector,
                                            received.found().conversation().id(),
                                            code)
                                    .orElse(null));
        }

        public Response.ResponseBuilder redirect(Settings settings) {
            var response = Response.seeOther(page);
            return code == null ? response : response.cookie(cookie(settings, link, code));
        }
    }

    private static NewCookie cookie(Settings settings, String link, ConfirmationCode code) {
        return new NewCookie.Builder(name(settings, link))
                .value(code.text())
                .path("/")
                .httpOnly(true)
                .secure(settings.https())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) SHOWN.toSeconds())
                .build();
    }

    /** What a browser may be shown at the end of a link. */
    public static Optional<ConfirmationCode> readCode(Settings settings, Cookie @Nullable [] cookies, String link) {
        return Stream.of(cookies == null ? new Cookie[0] : cookies)
                .filter(cookie -> cookie.getName().equals(name(settings, link)))
                .findFirst()
                .flatMap(cookie -> ConfirmationCode.parse(cookie.getValue()));
    }

    /** Browsers take the prefix only over https, where it keeps neighbouring hosts from planting the cookie. */
    private static String name(Settings settings, String link) {
        return (settings.https() ? "__Host-gbcode-" : "gbcode-") + link;
    }
}
