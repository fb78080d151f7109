package dev.grantbook.flow;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Routes;
import dev.grantbook.platform.Visitor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The landing page of an invitation. Changes nothing: chat apps look at links before people do. */
@Named("connect")
@RequestScoped
public class ConnectBacking {

    @Inject
    HttpServletRequest request;

    @Inject
    Visitor visitor;

    @Inject
    Invitations invitations;

    @Inject
    Connectors connectors;

    @Inject
    Grants grants;

    @Inject
    Clock clock;

    private String token = "";
    private Locale locale = Locale.ENGLISH;
    private @Nullable Invitation invitation;
    private @Nullable Connector connector;
    private @Nullable Explanation explanation;

    @PostConstruct
    void read() {
        token = (String) request.getAttribute(Routes.PART);
        Optional<Invitation> found = invitations.find(new Secret(token));
        locale = visitor.locale(found.map(Invitation::locale).orElse(null));
        found.filter(candidate -> candidate.isOpen(clock.instant())).ifPresent(this::read);
    }

    private void read(Invitation open) {
        invitation = open;
        connectors.find(open.connector()).filter(Connector::enabled).ifPresent(found -> {
            connector = found;
            Need need = found.need(open.features(), open.scopes());
            Optional<Grant> known = grants.find(open.connector(), open.subject(), open.accountId());
            Scopes granted = known.filter(grant -> grant.status(clock.instant()) == GrantStatus.ACTIVE)
                    .map(Grant::granted)
                    .orElse(Scopes.NONE);
            explanation = Explanation.before(found, need, AuthorizationFlow.asked(found, need, known), granted, locale);
        });
    }

    public Locale getLocale() {
        return locale;
    }

    /** Whether the button leads on. */
    public boolean isOpen() {
        return connector != null;
    }

    /** Whether the link is over, used or unknown; an open link may still belong to a connector that is closed. */
    public boolean isEnded() {
        return invitation == null;
    }

    /** The link's secret, for the form. */
    public String getToken() {
        return token;
    }

    /** Who asks; null when there is nobody to ask any more. */
    public @Nullable String getBot() {
        return connector == null ? null : connector.name().in(locale);
    }

    public String getProvider() {
        return Objects.requireNonNull(connector).provider().name();
    }

    public Explanation getExplanation() {
        return Objects.requireNonNull(explanation);
    }

    /** How long the link still works, in minutes, begun ones counted. */
    public long getMinutes() {
        Instant end = Objects.requireNonNull(invitation).expiresAt();
        return Duration.between(clock.instant(), end).plusSeconds(59).toMinutes();
    }
}
