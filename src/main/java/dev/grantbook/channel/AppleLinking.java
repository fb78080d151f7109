package dev.grantbook.channel;

import dev.grantbook.access.AnonymousBudget;
import dev.grantbook.channel.ConversationLink.Ending;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.flow.Outcome;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Settings;
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
class AppleLinking {

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
    static URI redirectUri(Settings settings, String connector) {
        return settings.publicUrl("/channels/apple/" + connector + "/callback");
    }

    /** Takes the sheet back (RFC 6749 section 4.1.2); the code is exchanged when the bot asks. */
    URI complete(String connectorId, AuthorizationResponse response) {
        if (response instanceof AuthorizationResponse.Invalid invalid) {
            anonymous.spend();
            LOG.log(Level.INFO, "callback of {0} refused: {1}", new Object[] {connectorId, invalid.reason()});
            return unknown();
        }
        Optional<Connector> connector = connectors.find(connectorId).filter(Connector::enabled);
        if (connector.isEmpty()) {
            return unknown();
        }
        if (response instanceof AuthorizationResponse.Granted granted) {
            boolean fits = fits(connector.get(), granted.issuer());
            Ending ending = fits ? Ending.CODE_RECEIVED : Ending.NOT_LINKED;
            Optional<ConversationLinks.Found> link = use(connectorId, granted.state(), ending);
            if (fits) {
                link.ifPresent(found -> conversations.keepCode(
                        found.conversation().id(), granted.code(), null, redirectUri(settings, connectorId)));
            }
            return page(link, ending);
        }
        var denied = (AuthorizationResponse.Denied) response;
        Optional<ConversationLinks.Found> link = use(connectorId, denied.state(), Ending.NOT_LINKED);
        // What comes with a state that is not known is anybody's text.
        link.ifPresent(known -> LOG.log(Level.INFO, "{0} answered: {1}", new Object[] {
            connectorId, denied.error().redacted(Redaction.of(denied.state()))
        }));
        return page(link, Ending.NOT_LINKED);
    }

    /** A code of one connector at another one's callback may be meant for another server (RFC 9700 section 4.4). */
    private Optional<ConversationLinks.Found> use(String connectorId, Secret state, Ending ending) {
        boolean own = links.find(state)
                .filter(found -> found.conversation().connector().equals(connectorId))
                .isPresent();
        return own ? links.use(state, Channel.APPLE, settings.attemptLifetime(), ending) : Optional.empty();
    }

    private URI page(Optional<ConversationLinks.Found> link, Ending ending) {
        return link.map(found -> TripEnd.page(settings, links.ends(found.link().id(), ending, null)))
                .orElseGet(this::unknown);
    }

    /** RFC 9207 section 2.4: simple string comparison, and absence only where it was not promised. */
    private static boolean fits(Connector connector, @Nullable String issuer) {
        return issuer == null
                ? !connector.issuerPromised()
                : connector.issuer() == null || connector.issuer().equals(issuer);
    }

    private URI unknown() {
        return settings.publicUrl("/outcome/" + Outcome.UNKNOWN.slug());
    }
}
