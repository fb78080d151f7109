package dev.grantbook.invitation;

import dev.grantbook.catalogue.ConsentChoice;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.pages.Routes;
import dev.grantbook.platform.pages.Visitor;
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
    EndExplanations ends;

    @Inject
    Clock clock;

    private String token = "";
    private Locale locale = Locale.ENGLISH;
    private @Nullable Invitation invitation;
    private @Nullable Connector connector;
    private @Nullable Explanation explanation;
    private Occasion occasion = Occasion.FIRST;
    private ConsentChoice choice = ConsentChoice.VARIES;
    private int count;

    /** Why the page is shown: what is true of what was granted before. */
    public enum Occasion {
        /** Nothing was granted before. */
        FIRST,
        /** Something is granted, and more is asked for. */
        MORE,
        /** All that is asked for is granted. */
        NOTHING_MISSING,
        /** It is granted, and waits for the chat user to confirm. */
        UNCONFIRMED,
        EXPIRED,
        /** What was granted has ended, whoever ended it. */
        ENDED;

        /** The part of the text keys: {@code nothing-missing}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Occasion of(@Nullable GrantStatus status, Scopes missing) {
            if (status == null) {
                return FIRST;
            }
            return switch (status) {
                case ACTIVE -> missing.isEmpty() ? NOTHING_MISSING : MORE;
                case UNCONFIRMED -> UNCONFIRMED;
                case EXPIRED -> EXPIRED;
                case REVOKED -> ENDED;
            };
        }
    }

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
            GrantStatus status =
                    known.map(grant -> grant.status(clock.instant())).orElse(null);
            Scopes granted = status == GrantStatus.ACTIVE ? known.orElseThrow().granted() : Scopes.NONE;
            Scopes asked = found.collectScopes(need, known.map(Grant::granted));
            occasion = Occasion.of(status, asked.minus(granted));
            choice = found.provider().catalogue().choiceAmong(asked);
            count = asked.minus(granted).toList().size();
            explanation = Explanation.before(found, need, asked, granted, locale);
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

    public Occasion getOccasion() {
        return occasion;
    }

    /** How many permissions are asked for that are not granted. */
    public int getCount() {
        return count;
    }

    /** What the provider lets the user leave out. */
    public ConsentChoice getChoice() {
        return choice;
    }

    /** Where the user ends it later. */
    public SettingsLink getSettings() {
        return ends.link(Objects.requireNonNull(connector), locale);
    }

    public Explanation getExplanation() {
        return Objects.requireNonNull(explanation);
    }

    /** After how many days the provider ends what is allowed now, begun ones counted; 0 when it does not. */
    public long getLifetime() {
        Duration lifetime = Objects.requireNonNull(connector).provider().token().lifetime();
        return lifetime == null ? 0 : lifetime.plusDays(1).minusNanos(1).toDays();
    }

    /** How long the link still works, in minutes, begun ones counted. */
    public long getMinutes() {
        Instant end = Objects.requireNonNull(invitation).expiresAt();
        return Duration.between(clock.instant(), end).plusSeconds(59).toMinutes();
    }
}
