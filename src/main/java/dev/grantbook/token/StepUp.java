package dev.grantbook.token;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records what a rejected call says about its grant, and makes the link that asks the user for what is missing. */
@ApplicationScoped
public class StepUp {

    @Inject
    TokenLiveness liveness;

    @Inject
    Invitations invitations;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /**
     * Result of a rejected call.
     *
     * @param grant as it is now
     * @param link empty when the user has nothing to allow, when the catalogue lacks the scopes that the provider
     *     named, or when the API key may not invite
     */
    public record Result(Grant grant, Optional<Invitations.IssuedInvitation> link) {}

    /**
     * @param seen the grant as it was when its token was used
     * @param features purpose of the call; may be empty
     */
    public Result explainRefusal(
            Connector connector, Grant seen, ApiFailure failure, List<String> features, @Nullable Locale locale) {
        Grant grant = liveness.recordRefusal(connector, seen, failure);
        boolean ended = !grant.isLive(clock.instant());
        Scopes missing =
                failure.meaning() == Meaning.SCOPE_MISSING ? keepKnown(connector, failure.missing()) : Scopes.NONE;
        Scopes wanted = ended ? keepKnown(connector, grant.granted()).plus(missing) : missing;
        boolean mayAllow = ended || !missing.isEmpty();
        return new Result(
                grant,
                mayAllow && caller.may(Permission.INVITE)
                        ? Optional.of(invitations.issue(
                                new Invitation.Request(
                                        connector.id(),
                                        grant.subject(),
                                        grant.accountId().isEmpty() ? null : grant.accountId(),
                                        features,
                                        wanted,
                                        null,
                                        locale,
                                        null),
                                caller.actor()))
                        : Optional.empty());
    }

    /** Keeps a bot's report from asking the user for scopes that the bot could not ask for itself. */
    private static Scopes keepKnown(Connector connector, Scopes scopes) {
        return connector.provider().catalogue().texts().isEmpty()
                ? scopes
                : Scopes.of(scopes.toList().stream().filter(connector::declares).toList());
    }
}
