package dev.grantbook.authorization;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeFailure;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeResult;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.Attempt.AttemptStatus;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Attempts.CallbackClaim;
import dev.grantbook.authorization.attempt.CallbackResult;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.observability.Trace;
import dev.grantbook.provider.PushedAuthorization;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Story of one attempt: {@code begin…} sends the browser to the provider, {@link #complete} takes it back. No code,
 * state, verifier or token of an attempt is ever written to the log.
 */
@ApplicationScoped
public class AuthorizationFlow {

    private static final Logger LOG = Logger.getLogger(AuthorizationFlow.class.getName());

    @Inject
    Connectors connectors;

    @Inject
    Invitations invitations;

    @Inject
    Attempts attempts;

    @Inject
    Grants grants;

    @Inject
    PushedAuthorization pushed;

    @Inject
    AuthorizationCodeExchange exchange;

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Where the browser goes next.
     *
     * @param attempt with its secret, the binding of this browser to an attempt; null when nothing was started
     */
    record Step(
            URI location,
            @Nullable String attempt,
            @Nullable Secret browser) {

        static Step to(URI location) {
            return new Step(location, null, null);
        }
    }

    /** What a web app asks for when it sends a visitor. */
    record PublicStart(
            Connector connector,
            List<String> features,
            Scopes scopes,
            @Nullable String returnTo,
            @Nullable Locale locale) {}

    /** The user pressed the button of an invitation. */
    Step begin(Secret token) {
        Instant now = clock.instant();
        Optional<Invitation> found = invitations.find(token).filter(invitation -> invitation.isOpen(now));
        if (found.isEmpty()) {
            anonymous.spend();
            return Step.to(Outcome.LINK_ENDED.page(settings));
        }
        Invitation invitation = found.get();
        Trace.follow(invitation.trace());
        Optional<Connector> connector = open(invitation.connector());
        if (connector.isEmpty()) {
            return Step.to(Outcome.CLOSED.page(settings));
        }
        Need need = connector.get().need(invitation.features(), invitation.scopes());
        Optional<Grant> known = grants.find(invitation.connector(), invitation.subject(), invitation.accountId());
        return leave(
                connector.get(),
                new Attempt.Plan(
                        invitation.connector(),
                        invitation.id(),
                        invitation.subject(),
                        invitation.accountId(),
                        invitation.features(),
                        invitation.scopes(),
                        connector.get().collectScopes(need, known.map(Grant::granted)),
                        invitation.returnTo(),
                        invitation.locale(),
                        0),
                known.isPresent());
    }

    /** A web app sent its visitor to a connector that anyone may start. */
    Step begin(PublicStart start) {
        Connector connector = start.connector();
        Need need = connector.need(start.features(), start.scopes());
        return leave(
                connector,
                new Attempt.Plan(
                        connector.id(),
                        null,
                        null,
                        null,
                        start.features(),
                        start.scopes(),
                        connector.collectScopes(need, Optional.empty()),
                        start.returnTo(),
                        start.locale(),
                        0),
                false);
    }

    /** The user pressed "Allow the rest" on the outcome of an earlier attempt, or "Try again". */
    Step again(Attempt before) {
        Trace.follow(before.trace());
        Optional<Connector> connector = open(before.connector());
        if (connector.isEmpty()) {
            return Step.to(Outcome.CLOSED.page(settings));
        }
        if (!mayAskAgain(before)) {
            return Step.to(Outcome.page(settings, before));
        }
        Optional<Grant> known = grant(before);
        Need need = connector.get().need(before.features(), before.scopes());
        return leave(
                connector.get(),
                new Attempt.Plan(
                        before.connector(),
                        before.invitation(),
                        known.map(Grant::subject).orElse(before.subject()),
                        before.accountId(),
                        before.features(),
                        before.scopes(),
                        connector.get().collectScopes(need, known.map(Grant::granted)),
                        before.returnTo(),
                        before.locale(),
                        timesAsked(before)),
                known.isPresent() || wasAnswered(before));
    }

    /** Asking again and again is what people flee from: so many times, and then a pause. */
    boolean mayAskAgain(Attempt before) {
        return !wasAnswered(before)
                || before.askedBefore() < settings.attempts().reaskLimit()
                || coolDownIsOver(before);
    }

    /** When the pause ends; empty while asking is fine. */
    Optional<Instant> findPauseEnd(Attempt before) {
        return mayAskAgain(before)
                ? Optional.empty()
                : Optional.ofNullable(before.finishedAt())
                        .map(end -> end.plus(settings.attempts().reaskCoolDown()));
    }

    /** Whether the user had a say; trouble with the provider does not count. */
    private static boolean wasAnswered(Attempt attempt) {
        return attempt.status() == AttemptStatus.GRANTED || attempt.status() == AttemptStatus.DENIED;
    }

    private int timesAsked(Attempt before) {
        if (!wasAnswered(before)) {
            return before.askedBefore();
        }
        return coolDownIsOver(before) ? 1 : before.askedBefore() + 1;
    }

    private boolean coolDownIsOver(Attempt before) {
        Instant finished = before.finishedAt();
        return finished != null
                && !finished.plus(settings.attempts().reaskCoolDown()).isAfter(clock.instant());
    }

    /** The grant that an attempt led to, or that was there before it. */
    Optional<Grant> grant(Attempt attempt) {
        return Optional.ofNullable(attempt.grantId()).flatMap(grants::find);
    }

    /**
     * The grant that the visitor of an attempt made; whoever refuses proves nothing about what somebody granted before.
     */
    public Optional<Grant> ownGrant(Attempt attempt) {
        return attempt.status() == AttemptStatus.GRANTED ? grant(attempt) : Optional.empty();
    }

    /**
     * Takes the browser back from the provider (RFC 6749 section 4.1.2).
     *
     * @param connectorId whose callback this is; null for the callback that connectors share
     * @param shown what the browser shows for an attempt
     */
    public CallbackResult complete(
            @Nullable String connectorId, AuthorizationResponse response, Function<String, Optional<Secret>> shown) {
        CallbackResult result;
        if (response instanceof AuthorizationResponse.WithState answer) {
            CallbackClaim claim = attempts.claim(connectorId, answer.state(), shown);
            result = claim instanceof CallbackClaim.ClaimedAttempt mine
                    ? conclude(mine, answer)
                    : ((CallbackClaim.RefusedCallback) claim).result();
        } else {
            Connector called =
                    connectorId == null ? null : connectors.find(connectorId).orElse(null);
            result = new CallbackResult.UnknownState(called, ((AuthorizationResponse.Invalid) response).reason());
        }
        report(connectorId, result);
        return result;
    }

    private CallbackResult conclude(CallbackClaim.ClaimedAttempt claim, AuthorizationResponse.WithState answer) {
        Attempt attempt = claim.attempt();
        Trace.follow(attempt.trace());
        Optional<ExchangeFailure> foreign = exchange.check(claim.connector(), answer);
        if (foreign.isPresent()) {
            return fail(attempt, claim.browser(), foreign.get());
        }
        if (answer instanceof AuthorizationResponse.Denied denied) {
            return refuse(claim, denied);
        }
        var code = new AuthorizationCodeExchange.ReceivedCode(
                claim.connector(),
                attempt.subject(),
                attempt.accountId(),
                ((AuthorizationResponse.Granted) answer).code(),
                claim.pkce().verifier(),
                null,
                attempt.asked(),
                attempt::isAnsweredWith);
        ExchangeResult<CallbackResult.Stored> result =
                exchange.exchange(code, received -> attempts.store(claim, received));
        return result instanceof ExchangeResult.NotExchanged<CallbackResult.Stored> failed
                ? fail(attempt, claim.browser(), failed.reason())
                : ((ExchangeResult.Exchanged<CallbackResult.Stored>) result).value();
    }

    private CallbackResult refuse(CallbackClaim.ClaimedAttempt claim, AuthorizationResponse.Denied denied) {
        if (claim.connector().provider().authorization().isRefusal(denied.error())) {
            return attempts.deny(claim);
        }
        var redaction = Redaction.of(List.of(
                denied.state().value(),
                claim.pkce().verifier().value(),
                claim.pkce().s256(),
                claim.pkce().rawBytes(),
                claim.browser().value()));
        LOG.log(Level.WARNING, "{0} answered: {1}", new Object[] {
            claim.connector().id(), denied.error().redact(redaction)
        });
        return fail(claim.attempt(), claim.browser(), ExchangeFailure.REFUSED);
    }

    private CallbackResult fail(Attempt attempt, Secret browser, ExchangeFailure reason) {
        return switch (reason) {
            case ERASED -> new CallbackResult.LinkEnded();
            case WRONG_ACCOUNT -> attempts.fail(attempt.id(), browser, AttemptStatus.WRONG_ACCOUNT);
            case UNREACHABLE -> attempts.fail(attempt.id(), browser, AttemptStatus.UNREACHABLE);
            case REFUSED, MISCONFIGURED -> attempts.fail(attempt.id(), browser, AttemptStatus.FAILED);
        };
    }

    /** Logs and counts a result. What belongs to no attempt spends the budget of its network. */
    private void report(@Nullable String connectorId, CallbackResult result) {
        if (result instanceof CallbackResult.UnknownState unknown) {
            anonymous.spend();
            LOG.log(Level.INFO, "callback of {0} refused: {1}", new Object[] {
                name(connectorId, unknown.connector()), unknown.reason()
            });
        } else if (result instanceof CallbackResult.OtherConnector other) {
            LOG.log(
                    Level.WARNING,
                    "callback of {0} refused: its state belongs to another connector",
                    name(connectorId, other.connector()));
        } else if (result instanceof CallbackResult.ForeignBrowser foreign) {
            Trace.follow(foreign.attempt().trace());
            LOG.log(
                    Level.INFO,
                    "callback of {0} refused: another browser started the attempt",
                    foreign.attempt().connector());
        } else if (result instanceof CallbackResult.Stored stored) {
            count(stored.attempt(), AttemptStatus.GRANTED);
            Connector connector = stored.connector();
            stored.remainder().stream()
                    .flatMap(remainder -> remainder.scopes().toList().stream())
                    .map(scope -> connector.declares(scope) ? scope : "other")
                    .forEach(scope -> Meters.count("shortfalls", "connector", connector.id(), "scope", scope));
        } else if (result instanceof CallbackResult.DeniedByUser denied) {
            count(denied.attempt(), AttemptStatus.DENIED);
        } else if (result instanceof CallbackResult.Failed failed) {
            count(failed.attempt(), failed.reason());
        }
    }

    /** What a log calls the connector whose callback was called: an address may name anything. */
    private static String name(@Nullable String connectorId, @Nullable Connector called) {
        return connectorId == null ? "all connectors" : called == null ? "no connector" : called.id();
    }

    /** The invitation's id, which the bot knows too, finds an attempt in the log of any node. */
    private static void log(Level level, Attempt attempt, String what) {
        LOG.log(level, "attempt {0} of {1}, invitation {2}: {3}", new Object[] {
            attempt.id(), attempt.connector(), Objects.requireNonNullElse(attempt.invitation(), "none"), what
        });
    }

    private static void count(Attempt attempt, AttemptStatus end) {
        String outcome = end.name().toLowerCase(Locale.ROOT);
        log(Level.INFO, attempt, outcome);
        Meters.count("attempts", "connector", attempt.connector(), "outcome", outcome);
    }

    /** @param asksAgain whether this user was asked before */
    private Step leave(Connector connector, Attempt.Plan plan, boolean asksAgain) {
        Attempts.Started started = attempts.start(plan);
        log(Level.FINE, started.attempt(), "started");
        Meters.count("attempts.started", "connector", connector.id());
        String id = started.attempt().id();
        try {
            ClientRegistration client = connectors.registration(connector);
            Parameters request = client.authorizationRequest(
                    plan.asked(), started.state(), started.pkce(), asksAgain, plan.returnTo());
            if (client.expectsIdToken(plan.asked())) {
                request.with("nonce", started.nonce().value());
            }
            URI authorization =
                    Objects.requireNonNull(client.provider().endpoints().authorization());
            return new Step(pushed.push(client, request).appendTo(authorization), id, started.browser());
        } catch (ConfigurationException | ProviderException e) {
            report(null, fail(started.attempt(), started.browser(), exchange.failure(connector, e)));
            return new Step(Outcome.page(settings, started.attempt()), id, started.browser());
        }
    }

    /** Where "Back" leads: the return URL, with a fresh handle when it is a web app that will ask for the outcome. */
    public URI returnStep(Attempt attempt) {
        return attempt.returnsWithHandle(settings)
                ? attempt.returnUrl(attempts.handOut(attempt.id()))
                : URI.create(Objects.requireNonNull(attempt.returnTo()));
    }

    private Optional<Connector> open(String connectorId) {
        return connectors.find(connectorId).filter(Connector::enabled);
    }
}
