package dev.grantbook.flow;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Reason;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Routes;
import dev.grantbook.platform.Settings;
import dev.grantbook.platform.Visitor;
import dev.grantbook.provider.Choice;
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

/** The page at the end of a trip. Only the browser that made the trip sees what came of it. */
@Named("outcome")
@RequestScoped
public class OutcomeBacking {

    /** What the page has to say. */
    public enum Ending {
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

        Ending(String sign) {
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

        static Ending of(Outcome outcome) {
            return switch (outcome) {
                case LINK_ENDED -> LINK_ENDED;
                case UNKNOWN -> UNKNOWN;
                case ELSEWHERE -> ELSEWHERE;
                case CLOSED -> CLOSED;
            };
        }
    }

    private static final Set<Ending> TRY_AGAIN = EnumSet.of(
            Ending.REFUSED,
            Ending.KEPT,
            Ending.WRONG_ACCOUNT,
            Ending.UNREACHABLE,
            Ending.FAILED,
            Ending.INTERRUPTED,
            Ending.DISCONNECTED,
            Ending.EXPIRED,
            Ending.LAPSED);

    private static final Set<Ending> ALLOW_THE_REST = EnumSet.of(Ending.NEARLY, Ending.PARTLY);

    @Inject
    HttpServletRequest request;

    @Inject
    Visitor visitor;

    @Inject
    Settings settings;

    @Inject
    AuthorizationFlow flow;

    @Inject
    Attempts attempts;

    @Inject
    Connectors connectors;

    @Inject
    EndExplanations ends;

    @Inject
    Clock clock;

    private Locale locale = Locale.ENGLISH;
    private Ending ending = Ending.ELSEWHERE;
    private Looks looks = Looks.NONE;
    private @Nullable Attempt attempt;
    private @Nullable Connector connector;
    private @Nullable Explanation explanation;
    private @Nullable EndExplanation end;
    private Choice choice = Choice.VARIES;
    private @Nullable String account;
    private @Nullable ConfirmationCode code;

    @PostConstruct
    void read() {
        String id = (String) request.getAttribute(Routes.PART);
        locale = visitor.locale(null);
        looks = Looks.from(request);
        Optional<Outcome> outcome = Outcome.of(id);
        if (outcome.isPresent()) {
            ending = Ending.of(outcome.get());
            connector = ending == Ending.UNKNOWN ? publicConnector() : null;
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
            ending = Ending.CLOSED;
            return;
        }
        attempt = own;
        connector = found.get();
        locale = visitor.locale(own.locale());
        ending = switch (own.status()) {
            case STARTED -> Ending.INTERRUPTED;
            case EXCHANGING ->
                !own.expiresAt().isAfter(clock.instant())
                        ? Ending.FAILED
                        : looks.mayLookAgain() ? Ending.RUNNING : Ending.INTERRUPTED;
            case GRANTED -> granted(own);
            case DENIED -> flow.shortfall(own).isPresent() ? Ending.KEPT : Ending.REFUSED;
            case WRONG_ACCOUNT -> Ending.WRONG_ACCOUNT;
            case UNREACHABLE -> Ending.UNREACHABLE;
            case FAILED -> Ending.FAILED;
        };
        flow.code(own, browser).ifPresent(shown -> {
            code = shown;
            ending = Ending.UNCONFIRMED;
        });
        flow.shortfall(own).ifPresent(shortfall -> explain(own, found.get(), shortfall));
        if (ending == Ending.DISCONNECTED) {
            end = flow.ownGrant(own)
                    .flatMap(grant -> ends.of(found.get(), grant, locale))
                    .orElse(null);
        }
    }

    private Ending granted(Attempt own) {
        if (flow.grant(own)
                .filter(grant -> grant.status(clock.instant()) == GrantStatus.UNCONFIRMED)
                .isPresent()) {
            return Ending.WAITING;
        }
        Optional<Shortfall> shortfall = flow.shortfall(own);
        if (shortfall.isPresent()) {
            Shortfall present = shortfall.get();
            return present.isNone() ? Ending.COMPLETE : present.isMet() ? Ending.NEARLY : Ending.PARTLY;
        }
        return flow.grant(own).map(this::ended).orElse(Ending.DISCONNECTED);
    }

    private Ending ended(Grant grant) {
        Instant now = clock.instant();
        if (grant.status(now) == GrantStatus.EXPIRED) {
            return Ending.EXPIRED;
        }
        return grant.reason(now) == Reason.UNCONFIRMED ? Ending.LAPSED : Ending.DISCONNECTED;
    }

    private void explain(Attempt own, Connector of, Shortfall shortfall) {
        Need need = of.need(own.features(), own.scopes());
        Grant grant = flow.grant(own).orElseThrow();
        explanation = Explanation.after(of, need, shortfall, grant.granted(), ready(grant), locale);
        choice = of.provider().choiceAmong(shortfall.scopes().plus(grant.granted()));
        account = flow.ownGrant(own).map(Grant::accountName).orElse(null);
    }

    /** How a feature is marked that lacks no permission. */
    private Explanation.Mark ready(Grant grant) {
        Instant now = clock.instant();
        if (grant.awaitsCode(now)) {
            return Explanation.Mark.WAITING_FOR_CODE;
        }
        return grant.status(now) == GrantStatus.ACTIVE ? Explanation.Mark.WORKS : Explanation.Mark.WAITING;
    }

    /** The connector that a callback without a known state named, when anyone may start it. */
    private @Nullable Connector publicConnector() {
        String id = request.getParameter("connector");
        return Optional.ofNullable(id)
                .flatMap(connectors::find)
                .filter(found -> found.enabled() && found.publicStart())
                .orElse(null);
    }

    public Locale getLocale() {
        return locale;
    }

    public Ending getEnding() {
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
        return ending == Ending.UNKNOWN && connector != null ? connector.id() : null;
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
        return Optional.ofNullable(attempt)
                .flatMap(flow::ownGrant)
                .map(Grant::confirmBy)
                .map(end ->
                        Duration.between(clock.instant(), end).plusSeconds(59).toMinutes())
                .orElse(0L);
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
    public Choice getChoice() {
        return choice;
    }

    /** Where the user ends it later, when this browser has forgotten. */
    public SettingsLink getSettings() {
        return ends.link(Objects.requireNonNull(connector), locale);
    }

    public boolean isRunning() {
        return ending == Ending.RUNNING;
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
        return attempt != null && connector != null && connector.enabled() && flow.mayAskAgain(attempt);
    }

    /** How long the user is left in peace, in minutes, begun ones counted; 0 when there is nothing to wait for. */
    public long getPause() {
        boolean asks = TRY_AGAIN.contains(ending) || ALLOW_THE_REST.contains(ending);
        return attempt == null || !asks
                ? 0
                : flow.pausedUntil(attempt)
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
