package dev.grantbook.sandbox.demo;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plays the back end of a bot, and the chat that its users are in. A browser stands for a chat user; a real bot knows
 * its users from the messenger.
 */
@ApplicationScoped
class DemoBot {

    /** In the sample connectors file. */
    static final String CONNECTOR = "demo-mixin";

    static final String CHAT = "/sandbox/chat";

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
        return connectors.find(CONNECTOR).filter(Connector::enabled);
    }

    URI api() {
        return settings.publicUrl("/api/v1/access");
    }

    String newVisitor() {
        return "demo-visitor-"
                + Secret.random(random).value().toLowerCase(Locale.ROOT).substring(0, 8);
    }

    /** The chat user that a browser stands for; empty when it does not say, or says something odd. */
    Optional<String> visitor(@Nullable String remembered) {
        return Optional.ofNullable(remembered)
                .filter(name -> VISITOR.matcher(name).matches());
    }

    /** What the bot does when its user wants something that it may not do: it makes a link. */
    URI invite(Connector connector, String visitor) {
        String chat = settings.publicUrl(CHAT).toString();
        var request = new Invitation.Request(
                connector.id(),
                visitor,
                null,
                List.of(),
                Scopes.NONE,
                connector.returnUrls().allow(chat) ? chat : null,
                null,
                null);
        return invitations.issue(request, "sandbox").link();
    }

    /** What the bot could do for this visitor right now. */
    Shortfall shortfall(Connector connector, @Nullable String visitor) {
        Scopes granted = Optional.ofNullable(visitor)
                .flatMap(name -> grants.find(connector.id(), name, null))
                .filter(grant -> grant.isActive(clock.instant()))
                .map(Grant::granted)
                .orElse(Scopes.NONE);
        return Shortfall.of(connector.need(), granted);
    }
}
