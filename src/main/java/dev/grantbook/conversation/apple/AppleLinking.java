package dev.grantbook.conversation.apple;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.AuthorizationCodeExchange;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.ConversationLinks;
import dev.grantbook.conversation.ConversationLinks.Receipt;
import dev.grantbook.conversation.HandOver;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Receives authorization responses of Apple Messages for Business, whose message carries the state and opens the log-in
 * page in a sheet.
 *
 * <p>No cookie identifies the sheet, which is never seen before. The state is the binding: 256 random bits that were
 * sent to one device only, inside the conversation; stored as a hash, used once, within ten minutes.
 */
@ApplicationScoped
public class AppleLinking {

    private static final Logger LOG = Logger.getLogger(AppleLinking.class.getName());

    @Inject
    ConversationLinks links;

    @Inject
    AuthorizationCodeExchange exchange;

    @Inject
    Connectors connectors;

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Settings settings;

    /** Registered at the provider. */
    public static URI redirectUri(Settings settings, ConnectorId connector) {
        return settings.publicUrl("/channels/apple/" + connector + "/callback");
    }

    /** Keeps the code of a response (RFC 6749 section 4.1.2) until the bot's next question exchanges it. */
    public HandOver.Arrival complete(ConnectorId connectorId, AuthorizationResponse response) {
        Optional<Connector> connector = connectors.find(connectorId).filter(Connector::enabled);
        if (connector.isEmpty()) {
            return unknown();
        }
        if (!(response instanceof AuthorizationResponse.WithState answer)) {
            LOG.log(Level.INFO, "callback of {0} refused: {1}", new Object[] {
                connectorId, ((AuthorizationResponse.Invalid) response).reason()
            });
            return unknown();
        }
        // A code of one connector at another one's callback may be meant for another server (RFC 9700 section 4.4).
        // An unknown state must not cause a call to the server.
        boolean known = links.find(answer.state())
                .filter(link -> link.conversation().connector().equals(connectorId))
                .isPresent();
        if (!known) {
            return unknown();
        }
        boolean own = exchange.check(connector.get(), answer).isEmpty();
        if (own && answer instanceof AuthorizationResponse.Denied denied) {
            LOG.log(Level.INFO, "{0} answered: {1}", new Object[] {
                connectorId, denied.error().redact(Redaction.of(denied.state()))
            });
        }
        Secret code = own && answer instanceof AuthorizationResponse.Granted granted ? granted.code() : null;
        Receipt receipt = links.receive(
                answer.state(),
                Channel.APPLE,
                settings.attempts().lifetime(),
                code,
                code == null ? null : redirectUri(settings, connectorId));
        return receipt instanceof Receipt.LinkUsed received
                ? HandOver.Arrival.of(received, connector.get(), code, settings)
                : unknown();
    }

    /** Spends the budget of the sender's network. */
    private HandOver.Arrival unknown() {
        anonymous.spend();
        return HandOver.Arrival.at(Outcome.UNKNOWN.page(settings));
    }
}
