package dev.grantbook.invitation;

import dev.grantbook.catalogue.ConsentChoice;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.invitation.Invitations.InvitationWithGrant;
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

/** The landing page of an invitation. Changes nothing: chat apps open links before people do. */
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

    /** The state of an earlier grant. */
    public enum Occasion {
        /** There is none. */
        FIRST,
        /** It is active and has less than is asked for. */
        MORE,
        /** It is active and has all that is asked for. */
        NOTHING_MISSING,
        UNCONFIRMED,
        EXPIRED,
        /** It was revoked, by the user or another actor. */
        ENDED;

        /** Part of text keys: {@code nothing-missing}. */
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
        Optional<InvitationWithGrant> found = invitations.findWithGrant(new Secret(token));
        locale = visitor.locale(
                found.map(candidate -> candidate.invitation().locale()).orElse(null));
        found.filter(candidate -> candidate.invitation().isOpen(clock.instant()))
                .ifPresent(candidate -> read(candidate.invitation(), Optional.ofNullable(candidate.grant())));
    }

    private void read(Invitation open, Optional<Grant> known) {
        invitation = open;
        connectors.find(open.connector()).filter(Connector::enabled).ifPresent(found -> {
            connector = found;
            Need need = found.need(open.features(), open.scopes());
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

    /** Whether the page has its button. */
    public boolean isOpen() {
        return connector != null;
    }

    /** Whether the link is expired, used or unknown; an open link may belong to a disabled connector. */
    public boolean isEnded() {
        return invitation == null;
    }

    public String getToken() {
        return token;
    }

    /** Name of the bot; null unless the page is open. */
    public @Nullable String getBot() {
        return connector == null ? null : connector.name().in(locale);
    }

    public String getProvider() {
        return Objects.requireNonNull(connector).provider().name();
    }

    public Occasion getOccasion() {
        return occasion;
    }

    /** Number of scopes that are asked for and not granted. */
    public int getCount() {
        return count;
    }

    public ConsentChoice getChoice() {
        return choice;
    }

    public SettingsLink getSettings() {
        return ends.link(Objects.requireNonNull(connector), locale);
    }

    public Explanation getExplanation() {
        return Objects.requireNonNull(explanation);
    }

    /** Lifetime of a new grant in days, rounded up; 0 when it has none. */
    public long getLifetime() {
        Duration lifetime = Objects.requireNonNull(connector).provider().token().lifetime();
        return lifetime == null ? 0 : lifetime.plusDays(1).minusNanos(1).toDays();
    }

    /** Remaining lifetime of the link in minutes, rounded up. */
    public long getMinutes() {
        Instant end = Objects.requireNonNull(invitation).expiresAt();
        return Duration.between(clock.instant(), end).plusSeconds(59).toMinutes();
    }
}
