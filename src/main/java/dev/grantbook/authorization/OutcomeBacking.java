package dev.grantbook.authorization;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecision.Active;
import dev.grantbook.access.AccessDecision.Expired;
import dev.grantbook.access.AccessDecision.Live;
import dev.grantbook.access.AccessDecision.Unconfirmed;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.AttemptDecisions;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.catalogue.ConsentChoice;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.EndReason;
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
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The page at the end of an attempt. Only the browser that made the attempt sees what came of it. */
@Named("outcome")
@RequestScoped
public class OutcomeBacking {

    /** What the page has to say. */
    public enum OutcomeEnding {
        COMPLETE("works"),
        /** Something is locked, but the bot can go on. */
        NEARLY("works"),
        PARTLY("locked"),
        /** Stored, but not confirmed; another attempt shows the code, or somebody else tells us who it was. */
        WAITING("pause"),
        /** Stored, but the bot gets it only once the chat user has handed over the code. */
        UNCONFIRMED("pause"),
        REFUSED("info"),
        /** Refused, but what was granted before stays. */
        KEPT("info"),
        WRONG_ACCOUNT("alert"),
        UNREACHABLE("alert"),
        FAILED("alert"),
        RUNNING("pause"),
        INTERRUPTED("pause"),
        DISCONNECTED("info"),
        EXPIRED("pause"),
        /** The code was not sent in time, or a wrong one too often. */
        LAPSED("pause"),
        LINK_ENDED("info"),
        UNKNOWN("info"),
        ELSEWHERE("info"),
        CLOSED("info");

        private final String sign;

        OutcomeEnding(String sign) {
            this.sign = sign;
        }

        /** The part of the text keys: {@code wrong-account}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** What the style sheet calls its sign. */
        public String sign() {
            return sign;
        }

        static OutcomeEnding of(Outcome outcome) {
            return switch (outcome) {
                case LINK_ENDED -> LINK_ENDED;
                case UNKNOWN -> UNKNOWN;
                case ELSEWHERE -> ELSEWHERE;
                case CLOSED -> CLOSED;
            };
        }
    }

    private static final Set<OutcomeEnding> TRY_AGAIN = EnumSet.of(
            OutcomeEnding.REFUSED,
            OutcomeEnding.KEPT,
            OutcomeEnding.WRONG_ACCOUNT,
            OutcomeEnding.UNREACHABLE,
            OutcomeEnding.FAILED,
            OutcomeEnding.INTERRUPTED,
            OutcomeEnding.DISCONNECTED,
            OutcomeEnding.EXPIRED,
            OutcomeEnding.LAPSED);

    private static final Set<OutcomeEnding> ALLOW_THE_REST = EnumSet.of(OutcomeEnding.NEARLY, OutcomeEnding.PARTLY);

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

    @PostConstruct
    void read() {
        String id = (String) request.getAttribute(Routes.PART);
        locale = visitor.locale(null);
        looks = PageReloads.from(request);
        Optional<Outcome> outcome = Outcome.of(id);
        if (outcome.isPresent()) {
            ending = OutcomeEnding.of(outcome.get());
            connector = ending == OutcomeEnding.UNKNOWN ? publicConnector() : null;
        } else {
            BrowserBinding.of(settings, request.getCookies(), id)
                    .ifPresent(browser -> attempts.find(id)
                            .filter(found -> found.isFrom(browser))
                            .ifPresent(own -> read(own, browser)));
        }
    }

    private void read(Attempt own, Secret browser) {
        Optional<Connector> found = connectors.find(own.connector());
        if (found.isEmpty()) {
            ending = OutcomeEnding.CLOSED;
            return;
        }
        attempt = own;
        connector = found.get();
        locale = visitor.locale(own.locale());
        AccessDecision decision = decisions.decide(own, connector, Freshness.NO_TOKEN);
        ending = switch (own.status()) {
            case STARTED -> OutcomeEnding.INTERRUPTED;
            case EXCHANGING ->
                !own.expiresAt().isAfter(clock.instant())
                        ? OutcomeEnding.FAILED
                        : looks.mayLookAgain() ? OutcomeEnding.RUNNING : OutcomeEnding.INTERRUPTED;
            case GRANTED -> describeGrant(decision);
            case DENIED -> decision instanceof Live ? OutcomeEnding.KEPT : OutcomeEnding.REFUSED;
            case WRONG_ACCOUNT -> OutcomeEnding.WRONG_ACCOUNT;
            case UNREACHABLE -> OutcomeEnding.UNREACHABLE;
            case FAILED -> OutcomeEnding.FAILED;
        };
        // A visitor who refuses proves nothing about what was granted before.
        boolean isOwn = own.status() == Attempt.AttemptStatus.GRANTED;
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

    private static OutcomeEnding describeGrant(AccessDecision decision) {
        if (decision instanceof Unconfirmed) {
            return OutcomeEnding.WAITING;
        }
        if (decision instanceof Expired) {
            return OutcomeEnding.EXPIRED;
        }
        return decision.remainder()
                .map(left -> left.isNone()
                        ? OutcomeEnding.COMPLETE
                        : left.isMet() ? OutcomeEnding.NEARLY : OutcomeEnding.PARTLY)
                .orElse(decision.reason() == EndReason.UNCONFIRMED ? OutcomeEnding.LAPSED : OutcomeEnding.DISCONNECTED);
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

    /** Shows the code that the visitor has to hand to the bot; only the latest attempt of a grant does. */
    private void confirm(Grant grant, ConfirmationCode shown) {
        if (grant.awaitsCode(clock.instant()) && grant.takes(shown)) {
            code = shown;
            confirmBy = grant.confirmBy();
            ending = OutcomeEnding.UNCONFIRMED;
        }
    }

    /** The connector that a callback without a known state named, when anyone may start it. */
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

    /** Null where no bot is known. */
    public @Nullable String getBot() {
        return connector == null ? null : connector.name().in(locale);
    }

    public @Nullable String getProvider() {
        return connector == null ? null : connector.provider().name();
    }

    /** Where anyone may start; null where only an invitation leads. */
    public @Nullable String getStart() {
        return ending == OutcomeEnding.UNKNOWN && connector != null
                ? connector.id().value()
                : null;
    }

    /** The attempt's id; null on the pages that belong to no attempt. */
    public @Nullable String getAttempt() {
        return attempt == null ? null : attempt.id();
    }

    /** Who granted, as the provider calls them; only for the one who did. */
    public @Nullable String getAccount() {
        return account;
    }

    /** What the visitor has to send to the bot; null where there is nothing to confirm. */
    public @Nullable String getCode() {
        return code == null ? null : code.shown();
    }

    /** How long the code works, in minutes, begun ones counted. */
    public long getCodeMinutes() {
        return confirmBy == null
                ? 0
                : Duration.between(clock.instant(), confirmBy).plusSeconds(59).toMinutes();
    }

    /** What works and what is locked; null where nothing is granted. */
    public @Nullable Explanation getExplanation() {
        return explanation;
    }

    /** What the provider knows of the end; null while the grant lives, or when nothing was granted. */
    public @Nullable EndExplanation getEnd() {
        return end;
    }

    /** What the provider lets the user leave out when it is asked for the rest. */
    public ConsentChoice getChoice() {
        return choice;
    }

    /** Where the user ends it later, when this browser has forgotten. */
    public SettingsLink getSettings() {
        return ends.link(Objects.requireNonNull(connector), locale);
    }

    public boolean isRunning() {
        return ending == OutcomeEnding.RUNNING;
    }

    /** Whether the page looks again by itself. */
    public boolean isWatching() {
        return isRunning() || (end != null && end.isPending() && looks.mayLookAgain());
    }

    /** How often the page has looked, this time included. */
    public int getLooks() {
        return looks.next();
    }

    public boolean isTryAgain() {
        return TRY_AGAIN.contains(ending) && mayAsk();
    }

    public boolean isAllowTheRest() {
        return ALLOW_THE_REST.contains(ending) && mayAsk();
    }

    private boolean mayAsk() {
        return attempt != null && connector != null && connector.enabled() && start.mayAskAgain(attempt);
    }

    /** How long the user is left in peace, in minutes, begun ones counted; 0 when there is nothing to wait for. */
    public long getPause() {
        boolean asks = TRY_AGAIN.contains(ending) || ALLOW_THE_REST.contains(ending);
        return attempt == null || !asks
                ? 0
                : start.findPauseEnd(attempt)
                        .map(end -> Duration.between(clock.instant(), end)
                                .plusSeconds(59)
                                .toMinutes())
                        .orElse(0L);
    }

    /** Whether "Back" leads somewhere. */
    public boolean isReturnable() {
        return attempt != null && attempt.returnTo() != null;
    }
}
