package dev.grantbook.conversation;

import dev.grantbook.authorization.BrowserBinding;
import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.conversation.ConversationLinks.Receipt;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.servlet.http.Cookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Confirmation code for an authorization code that arrived in a conversation whose connector demands
 * {@code confirmation: code}: the link may have been forwarded. It is derived from the authorization code, which only
 * the browser and the platform know, and shown to that browser alone, by a cookie.
 */
public final class HandOver {

    /** The lifetime of the authorization code plus that of the unconfirmed grant. */
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
     * Where a browser goes that delivered an authorization code.
     *
     * @param link its id
     * @param code the confirmation code that the closing page shows; null for none
     */
    public record Arrival(URI page, String link, @Nullable ConfirmationCode code) {

        public static Arrival at(URI page) {
            return new Arrival(page, "", null);
        }

        /** @param code the authorization code that was kept; null for none */
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
            return code == null
                    ? response
                    : response.cookie(BrowserBinding.make(settings, name(settings, link), code.text(), SHOWN));
        }
    }

    public static Optional<ConfirmationCode> readCode(Settings settings, Cookie @Nullable [] cookies, String link) {
        return Stream.of(cookies == null ? new Cookie[0] : cookies)
                .filter(cookie -> cookie.getName().equals(name(settings, link)))
                .findFirst()
                .flatMap(cookie -> ConfirmationCode.parse(cookie.getValue()));
    }

    private static String name(Settings settings, String link) {
        return BrowserBinding.name(settings, "gbcode-" + link);
    }
}
