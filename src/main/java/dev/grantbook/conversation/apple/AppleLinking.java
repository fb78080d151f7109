package dev.grantbook.conversation.apple;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.Outcome;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.ConversationLink.LinkEnd;
import dev.grantbook.conversation.ConversationLinks;
import dev.grantbook.conversation.ConversationReturn;
import dev.grantbook.conversation.Conversations;
import dev.grantbook.conversation.HandOver;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logging in inside Apple Messages for Business. The message carries a state of ours; the log-in page opens in a sheet of
 * Messages and comes back to our redirect URI with the code and that state.
 *
 * <p>There is no cookie to tell by which browser that is, since we never saw the sheet before. The state is the binding: 256
 * random bits that travelled to one device only, inside the conversation; stored as a hash, good once, and for ten minutes.
 */
@ApplicationScoped
public class AppleLinking {

    private static final Logger LOG = Logger.getLogger(AppleLinking.class.getName());

    @Inject
    ConversationLinks links;

    @Inject
    Conversations conversations;

    @Inject
    Connectors connectors;

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Settings settings;

    /** Where a connector's log-in page sends the sheet back to; registered at the provider. */
    public static URI redirectUri(Settings settings, String connector) {
        return settings.publicUrl("/channels/apple/" + connector + "/callback");
    }

    /** Takes the sheet back (RFC 6749 section 4.1.2); the code is exchanged when the bot asks. */
    public HandOver.Arrival complete(String connectorId, AuthorizationResponse response) {
        Optional<Connector> connector = connectors.find(connectorId).filter(Connector::enabled);
        if (connector.isEmpty()) {
            return unknown();
        }
        if (response instanceof AuthorizationResponse.Invalid invalid) {
            HandOver.Arrival page = unknown();
            LOG.log(Level.INFO, "callback of {0} refused: {1}", new Object[] {connectorId, invalid.reason()});
            return page;
        }
        if (response instanceof AuthorizationResponse.Granted granted) {
            // No server is asked anything for a state that is not ours.
            boolean fits = links.find(granted.state()).isPresent() && fits(connector.get(), granted.issuer());
            LinkEnd ending = fits ? LinkEnd.CODE_RECEIVED : LinkEnd.NOT_LINKED;
            Optional<ConversationLinks.Found> link = use(connectorId, granted.state(), ending);
            if (fits) {
                link.ifPresent(found -> conversations.keepCode(
                        found.conversation().id(), granted.code(), null, redirectUri(settings, connectorId)));
            }
            return arrival(link, ending, fits ? connector.get() : null, granted.code());
        }
        var denied = (AuthorizationResponse.Denied) response;
        Optional<ConversationLinks.Found> link = use(connectorId, denied.state(), LinkEnd.NOT_LINKED);
        // What comes with a state that is not known is anybody's text.
        link.ifPresent(known -> LOG.log(Level.INFO, "{0} answered: {1}", new Object[] {
            connectorId, denied.error().redacted(Redaction.of(denied.state()))
        }));
        return arrival(link, LinkEnd.NOT_LINKED, null, null);
    }

    /** A code of one connector at another one's callback may be meant for another server (RFC 9700 section 4.4). */
    private Optional<ConversationLinks.Found> use(String connectorId, Secret state, LinkEnd ending) {
        boolean own = links.find(state)
                .filter(found -> found.conversation().connector().equals(connectorId))
                .isPresent();
        return own ? links.use(state, Channel.APPLE, settings.attemptLifetime(), ending) : Optional.empty();
    }

    /** @param connector whose code was kept; null for none */
    private HandOver.Arrival arrival(
            Optional<ConversationLinks.Found> link,
            LinkEnd ending,
            @Nullable Connector connector,
            @Nullable Secret code) {
        return link.map(found -> new HandOver.Arrival(
                        ConversationReturn.page(
                                settings, links.ends(found.link().id(), ending, null)),
                        found.link().id(),
                        connector == null || code == null
                                ? null
                                : HandOver.of(connector, found.conversation().id(), code)
                                        .orElse(null)))
                .orElseGet(this::unknown);
    }

    /** Also the server's own word counts, so that it is asked: a code that may be another server's is not kept. */
    private boolean fits(Connector connector, @Nullable String issuer) {
        try {
            boolean fits = connectors.registration(connector).provider().mayBeFrom(issuer);
            if (!fits) {
                LOG.log(Level.WARNING, "callback of {0} refused: iss is absent or another server's", connector.id());
            }
            return fits;
        } catch (ConfigurationException | ProviderException e) {
            LOG.log(Level.WARNING, "{0}: {1}", new Object[] {connector.id(), e.getMessage()});
            return false;
        }
    }

    /** What fits nothing counts. */
    private HandOver.Arrival unknown() {
        anonymous.spend();
        return HandOver.Arrival.at(settings.publicUrl("/outcome/" + Outcome.UNKNOWN.slug()));
    }
}
