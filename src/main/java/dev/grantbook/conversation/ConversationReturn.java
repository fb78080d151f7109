package dev.grantbook.conversation;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Active;
import dev.grantbook.access.AccessDecision.Live;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.AttemptDecisions;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.connector.Connectors;
import dev.grantbook.conversation.ConversationLink.LinkEnd;
import dev.grantbook.grant.Grant;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;

/** Ends the link of an attempt, and decides where the browser goes. */
@ApplicationScoped
public class ConversationReturn {

    @Inject
    ConversationLinks links;

    @Inject
    Conversations conversations;

    @Inject
    Attempts attempts;

    @Inject
    AttemptDecisions decisions;

    @Inject
    Connectors connectors;

    @Inject
    Settings settings;

    /**
     * @param id of the link
     * @param handle of the attempt; only the browser of the attempt receives one
     */
    URI arrive(String id, Secret handle) {
        Optional<Attempt> attempt =
                attempts.redeem(handle, candidate -> links.returnPath(id).equals(candidate.returnTo()));
        Optional<ConversationLinks.Found> found = links.find(id);
        if (attempt.isEmpty() || found.isEmpty()) {
            return Outcome.LINK_ENDED.page(settings);
        }
        ConversationLinks.Found link = found.get();
        Optional<Live> granted = decide(attempt.get());
        Optional<Grant> grant = granted.map(Live::grant);
        LinkEnd ending = granted.flatMap(AccessDecision::remainder)
                .map(left -> left.isMet() ? LinkEnd.LINKED : LinkEnd.MISSING_SCOPES)
                .orElse(LinkEnd.NOT_LINKED);
        Secret closing = links.ends(id, ending, grant.map(Grant::id).orElse(null));
        Optional<URI> finish = links.finishAt(link.link());
        if (finish.isPresent()) {
            // Without a code Messenger takes it for a refusal.
            return grant.isPresent() ? addCode(finish.get(), links.handOutCode(id)) : finish.get();
        }
        granted.filter(Active.class::isInstance)
                .ifPresent(active -> conversations.linkTo(
                        link.conversation().id(), active.grant().id()));
        return page(settings, closing);
    }

    /** The address at which Messenger's account linking succeeds. */
    static URI addCode(URI address, Secret code) {
        return new Parameters().with("authorization_code", code.value()).appendTo(address);
    }

    /** The page that closes by itself. */
    public static URI page(Settings settings, Secret handle) {
        return settings.publicUrl("/linked/" + handle.value());
    }

    /** Decides about the grant of this attempt alone: a refusal proves nothing about an earlier grant. */
    private Optional<Live> decide(Attempt attempt) {
        return connectors
                .find(attempt.connector())
                .filter(connector -> attempt.status() == Attempt.AttemptStatus.GRANTED)
                .map(connector -> decisions.decide(attempt, connector, Freshness.NO_TOKEN))
                .filter(Live.class::isInstance)
                .map(Live.class::cast);
    }
}
