package dev.grantbook.conversation.facebook;

import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.Conversation;
import dev.grantbook.conversation.ConversationFlow;
import dev.grantbook.conversation.ConversationLinks;
import dev.grantbook.conversation.Conversations;
import dev.grantbook.grant.confirmation.Confirmations;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Account linking in Facebook Messenger. Messenger opens the log-in page with its redirect URI and receives a one-time
 * code there; its webhook returns that code with the chat user, which confirms the grant.
 *
 * @see <a
 *     href="https://developers.facebook.com/documentation/business-messaging/messenger-platform/identity/account-linking">Account
 *     linking</a>
 */
@ApplicationScoped
public class FacebookLinking {

    private static final Logger LOG = Logger.getLogger(FacebookLinking.class.getName());

    private static final String ACTOR = "facebook";

    @Inject
    Conversations conversations;

    @Inject
    ConversationLinks links;

    @Inject
    ConversationFlow flow;

    @Inject
    Invitations invitations;

    @Inject
    Confirmations confirmations;

    /**
     * Keeps Messenger's redirect URI.
     *
     * @param invitation its secret
     * @return false when the link is over, or belongs to another channel
     */
    boolean start(Secret invitation, FacebookRedirect redirect) {
        Optional<ConversationLinks.Found> found = invitations
                .find(invitation)
                .flatMap(known -> links.findByInvitation(known.id()))
                .filter(link -> link.conversation().channel() == Channel.FACEBOOK);
        found.ifPresent(link -> links.finishesAt(link.link().id(), redirect.address()));
        return found.isPresent();
    }

    /**
     * Confirms the grant of a chat user who linked their account.
     *
     * @param connectorId of the webhook: the connector of the conversation, or that of the bot's Facebook app
     * @param psid page-scoped id of the chat user, and id of the session
     * @param authorizationCode the one-time code; a wrong, used, late or foreign one changes nothing
     */
    public void link(ConnectorId connectorId, String psid, Secret authorizationCode) {
        Optional<ConversationLinks.Found> link = links.redeemCode(authorizationCode, psid);
        if (link.isEmpty()) {
            LOG.log(Level.INFO, "{0}: an account was linked with a code that is not good here", connectorId);
            return;
        }
        GrantId grant = Objects.requireNonNull(link.get().link().grantId());
        if (confirmations.confirm(grant, ACTOR)) {
            conversations.linkTo(link.get().conversation().id(), grant, connectorId);
        } else {
            LOG.log(Level.INFO, "{0}: an account was linked whose grant has ended", connectorId);
        }
    }

    /**
     * Logs out a chat user who unlinked their account.
     *
     * @param connectorId of the webhook
     * @param psid page-scoped id of the chat user, and id of the session
     */
    public void unlink(ConnectorId connectorId, String psid) {
        for (Conversation conversation : conversations.findLinkedBy(connectorId, psid)) {
            flow.logOut(conversation.key(), ACTOR);
        }
    }
}
