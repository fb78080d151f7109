package dev.grantbook.channel;

import dev.grantbook.channel.ConversationLink.Ending;
import dev.grantbook.connector.Connectors;
import dev.grantbook.flow.Attempt;
import dev.grantbook.flow.Attempts;
import dev.grantbook.flow.Outcome;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/** Where the trip of a link ends, and where the browser goes from there. */
@ApplicationScoped
class TripEnd {

    @Inject
    ConversationLinks links;

    @Inject
    Conversations conversations;

    @Inject
    Attempts attempts;

    @Inject
    Grants grants;

    @Inject
    Connectors connectors;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Takes the browser back from a trip.
     *
     * @param id the link
     * @param handle of the attempt: only the browser that made the trip is given one
     */
    URI arrive(String id, Secret handle) {
        Optional<Attempt> attempt =
                attempts.redeem(handle, candidate -> links.tripEnd(id).equals(candidate.returnTo()));
        Optional<ConversationLinks.Found> found = links.find(id);
        if (attempt.isEmpty() || found.isEmpty()) {
            return settings.publicUrl("/outcome/" + Outcome.LINK_ENDED.slug());
        }
        ConversationLinks.Found link = found.get();
        Optional<Grant> grant = granted(attempt.get());
        Ending ending = grant.map(made -> ending(attempt.get(), made)).orElse(Ending.NOT_LINKED);
        Secret closing = links.ends(id, ending, grant.map(Grant::id).orElse(null));
        Optional<URI> finish = links.finishAt(link.link());
        if (finish.isPresent()) {
            // Without a code Messenger takes it for a refusal.
            return grant.isPresent() ? FacebookRedirect.linked(finish.get(), links.handOutCode(id)) : finish.get();
        }
        grant.filter(made -> made.status(clock.instant()) == GrantStatus.ACTIVE)
                .ifPresent(made -> conversations.linkedTo(link.conversation().id(), made.id()));
        return page(settings, closing);
    }

    /** The page that closes by itself. */
    static URI page(Settings settings, Secret handle) {
        return settings.publicUrl("/linked/" + handle.value());
    }

    /** Whoever refuses proves nothing about what somebody granted before, so only a grant of this very trip counts. */
    private Optional<Grant> granted(Attempt attempt) {
        return Optional.ofNullable(attempt.grantId())
                .filter(id -> attempt.status() == Attempt.Status.GRANTED)
                .flatMap(grants::find)
                .filter(grant -> {
                    GrantStatus status = grant.status(clock.instant());
                    return status == GrantStatus.ACTIVE || status == GrantStatus.UNCONFIRMED;
                });
    }

    private Ending ending(Attempt attempt, Grant grant) {
        boolean met = connectors
                .find(attempt.connector())
                .map(connector -> Shortfall.of(connector.need(attempt.features(), attempt.scopes()), grant.granted()))
                .filter(Shortfall::isMet)
                .isPresent();
        return met ? Ending.LINKED : Ending.MISSING_SCOPES;
    }
}
