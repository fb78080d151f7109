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
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.observability.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes browsers back from the provider, and ends their attempts. Writes no code, state, verifier or token to the log.
 */
@ApplicationScoped
public class AuthorizationFlow {

    private static final Logger LOG = Logger.getLogger(AuthorizationFlow.class.getName());

    @Inject
    Connectors connectors;

    @Inject
    Attempts attempts;

    @Inject
    AuthorizationCodeExchange exchange;

    @Inject
    AnonymousBudget anonymous;

    /**
     * Takes the browser back from the provider (RFC 6749 section 4.1.2).
     *
     * @param connectorId of the callback; null for the shared one
     * @param shown the browser's cookie for an attempt's id
     */
    public CallbackResult complete(
            @Nullable ConnectorId connectorId,
            AuthorizationResponse response,
            Function<String, Optional<Secret>> shown) {
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

    /** Ends an attempt that did not reach the provider. */
    void abort(Attempts.Started started, Connector connector, RuntimeException e) {
        report(null, fail(started.attempt(), started.browser(), exchange.failure(connector, e)));
    }

    private CallbackResult fail(Attempt attempt, Secret browser, ExchangeFailure reason) {
        return switch (reason) {
            case ERASED -> new CallbackResult.Refused(Outcome.LINK_ENDED);
            case WRONG_ACCOUNT -> attempts.fail(attempt.id(), browser, AttemptStatus.WRONG_ACCOUNT);
            case UNREACHABLE -> attempts.fail(attempt.id(), browser, AttemptStatus.UNREACHABLE);
            case REFUSED, MISCONFIGURED -> attempts.fail(attempt.id(), browser, AttemptStatus.FAILED);
        };
    }

    /** Logs and counts a result. A response without an attempt spends the budget of the sender's network. */
    private void report(@Nullable ConnectorId connectorId, CallbackResult result) {
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
                    .forEach(scope -> Meters.count(
                            "shortfalls", "connector", connector.id().value(), "scope", scope));
        } else if (result instanceof CallbackResult.DeniedByUser denied) {
            count(denied.attempt(), AttemptStatus.DENIED);
        } else if (result instanceof CallbackResult.Failed failed) {
            count(failed.attempt(), failed.reason());
        }
    }

    /** Names the connector of a callback for the log, and nothing that an address makes up. */
    private static String name(@Nullable ConnectorId connectorId, @Nullable Connector called) {
        return connectorId == null
                ? "all connectors"
                : called == null ? "no connector" : called.id().value();
    }

    /** Logs the id of the invitation, which the bot knows, so that an attempt is found in the log of any node. */
    static void log(Level level, Attempt attempt, String what) {
        LOG.log(level, "attempt {0} of {1}, invitation {2}: {3}", new Object[] {
            attempt.id(), attempt.connector(), Objects.requireNonNullElse(attempt.invitation(), "none"), what
        });
    }

    private static void count(Attempt attempt, AttemptStatus end) {
        String outcome = end.name().toLowerCase(Locale.ROOT);
        log(Level.INFO, attempt, outcome);
        Meters.count("attempts", "connector", attempt.connector().value(), "outcome", outcome);
    }
}
