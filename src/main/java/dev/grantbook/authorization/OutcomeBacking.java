package dev.grantbook.authorization;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Active;
import dev.grantbook.access.AccessDecision.Live;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.OutcomeEnding.OutcomeButton;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.AttemptDecisions;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.catalogue.ConsentChoice;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import dev.grantbook.invitation.EndExplanation;
import dev.grantbook.invitation.EndExplanations;
import dev.grantbook.invitation.Explanation;
import dev.grantbook.invitation.SettingsLink;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
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

/** The page at the end of an attempt, for the browser that made the attempt. */
@Named("outcome")
@RequestScoped
public class OutcomeBacking {

    @Inject
    HttpServletRequest request;

    @Inject
    Visitor visitor;

    @Inject
    Settings settings;

    @Inject
    AuthorizationStart start;

    @Inject
    Attempts attempts;

    @Inject
    AttemptDecisions decisions;

    @Inject
    Connectors connectors;

    @Inject
    EndExplanations ends;

    @Inject
    Clock clock;

    private Locale locale = Locale.ENGLISH;
    private OutcomeEnding ending = OutcomeEnding.ELSEWHERE;
    private PageReloads looks = PageReloads.NONE;
    private @Nullable Attempt attempt;
    private @Nullable Connector connector;
    private @Nullable Explanation explanation;
    private @Nullable EndExplanation end;
    private ConsentChoice choice = ConsentChoice.VARIES;
    private @Nullable String account;
    private @Nullable ConfirmationCode code;
    private @Nullable Instant confirmBy;
    private @Nullable SettingsLink settingsLink;

    @PostConstruct
    void read() {
        String id = (String) request.getAttribute(Routes.PART);
        locale = visitor.locale(null);
        looks = PageReloads.from(request);
        Optional<Outcome> outcome = Outcome.of(id);
        if (outcome.isPresent()) {
            ending = OutcomeEnding.valueOf(outcome.get().name());
            connector = ending == OutcomeEnding.UNKNOWN ? publicConnector() : null;
        } else {
            BrowserBinding.of(settings, request.getCookies(), id)
                    .ifPresent(browser -> attempts.findWithGrant(id)
                            .filter(found -> found.attempt().isFrom(browser))
                            .ifPresent(own -> read(own.attempt(), own.grant(), browser)));
        }
    }

    private void read(Attempt own, @Nullable Grant known, Secret browser) {
        Optional<Connector> found = connectors.find(own.connector());
        if (found.isEmpty()) {
            ending = OutcomeEnding.CLOSED;
            return;
        }
        attempt = own;
        connector = found.get();
        locale = visitor.locale(own.locale());
        AccessDecision decision = decisions.decide(own, connector, Freshness.NO_TOKEN, known);
        ending = OutcomeEnding.of(own, decision, looks.mayLookAgain(), clock.instant());
        // A refusal proves nothing about an earlier grant.
        boolean isOwn = own.ownGrantId() != null;
        if (decision instanceof Live live) {
            explain(live);
            account = isOwn ? live.grant().accountName() : null;
        }
        if (isOwn && decision instanceof Unconfirmed waiting) {
            confirm(waiting.grant(), ConfirmationCode.of(browser, own.id()));
        }
        Grant grant = decision.grant();
        if (ending == OutcomeEnding.DISCONNECTED && grant != null) {
            end = ends.of(connector, grant, locale).orElse(null);
        }
    }

    private void explain(Live decision) {
        Connector of = decision.question().connector();
        Scopes granted = decision.grant().granted();
        Explanation.Mark ready = decision instanceof Active
                ? Explanation.Mark.WORKS
                : decision.grant().awaitsCode(clock.instant())
                        ? Explanation.Mark.WAITING_FOR_CODE
                        : Explanation.Mark.WAITING;
        Shortfall remainder = decision.remainder().orElseThrow();
        explanation = Explanation.after(of, decision.question().need(), remainder, granted, ready, locale);
        choice = of.provider().catalogue().choiceAmong(remainder.scopes().plus(granted));
    }

    /** Shows the confirmation code of the grant's latest attempt. */
    private void confirm(Grant grant, ConfirmationCode shown) {
        if (grant.awaitsCode(clock.instant()) && grant.takes(shown)) {
            code = shown;
            confirmBy = grant.confirmBy();
            ending = OutcomeEnding.UNCONFIRMED;
        }
    }

    /** The connector of a callback with an unknown state, when it has a public start. */
    private @Nullable Connector publicConnector() {
        return TypedId.parse(request.getParameter("connector"), ConnectorId::new)
                .flatMap(connectors::find)
                .filter(found -> found.enabled() && found.publicStart())
                .orElse(null);
    }

    public Locale getLocale() {
        return locale;
    }

    public OutcomeEnding getEnding() {
        return ending;
    }

    public @Nullable String getBot() {
        return connector == null ? null : connector.name().in(locale);
    }

    public @Nullable String getProvider() {
        return connector == null ? null : connector.provider().name();
    }

    /** The connector of a public start; null where an invitation is needed. */
    public @Nullable String getStart() {
        return ending == OutcomeEnding.UNKNOWN && connector != null
                ? connector.id().value()
                : null;
    }

    public @Nullable String getAttempt() {
        return attempt == null ? null : attempt.id();
    }

    /** The provider's name of the account; null unless this browser granted. */
    public @Nullable String getAccount() {
        return account;
    }

    /** The code to send to the bot; null where there is nothing to confirm. */
    public @Nullable String getCode() {
        return code == null ? null : code.shown();
    }

    /** How long the code works, in minutes, begun ones counted. */
    public long getCodeMinutes() {
        return confirmBy == null ? 0 : countMinutes(confirmBy);
    }

    /** Null where nothing is granted. */
    public @Nullable Explanation getExplanation() {
        return explanation;
    }

    /** Null unless the grant was disconnected. */
    public @Nullable EndExplanation getEnd() {
        return end;
    }

    public ConsentChoice getChoice() {
        return choice;
    }

    /** Where the user can revoke at the provider. */
    public SettingsLink getSettings() {
        if (settingsLink == null) {
            settingsLink = ends.link(Objects.requireNonNull(connector), locale);
        }
        return settingsLink;
    }

    public boolean isRunning() {
        return ending == OutcomeEnding.RUNNING;
    }

    /** Whether the page reloads by itself. */
    public boolean isWatching() {
        return isRunning() || (end != null && end.isPending() && looks.mayLookAgain());
    }

    public int getLooks() {
        return looks.next();
    }

    public boolean isTryAgain() {
        return mayAsk(OutcomeButton.TRY_AGAIN);
    }

    public boolean isAllowTheRest() {
        return mayAsk(OutcomeButton.THE_REST);
    }

    private boolean mayAsk(OutcomeButton offer) {
        return ending.offer() == offer
                && attempt != null
                && connector != null
                && connector.enabled()
                && start.mayAskAgain(attempt);
    }

    /** How long the user is not asked again, in minutes, begun ones counted; 0 for no pause. */
    public long getPause() {
        return attempt == null || ending.offer() == OutcomeButton.NOTHING
                ? 0
                : start.findPauseEnd(attempt).map(this::countMinutes).orElse(0L);
    }

    private long countMinutes(Instant end) {
        return Duration.between(clock.instant(), end).plusSeconds(59).toMinutes();
    }

    /** Whether "Back" leads somewhere. */
    public boolean isReturnable() {
        return attempt != null && attempt.returnTo() != null;
    }
}
