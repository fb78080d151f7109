package dev.grantbook.authorization;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.Attempt.AttemptStatus;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.Need;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Disconnection;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.observability.Trace;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.provider.ProviderException.FailureKind;
import dev.grantbook.provider.PushedAuthorization;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The story of one trip: {@code begin…} sends the browser to the provider, {@link #complete} takes it back. No code,
 * state, verifier or token of a trip is ever written to the log.
 */
@ApplicationScoped
public class AuthorizationFlow {

    private static final Logger LOG = Logger.getLogger(AuthorizationFlow.class.getName());

    /** Where trips of conversations end, before their own address: the room above is told by a handle how it went. */
    public static final String TRIP_END = "/channels/end/";

    private static final Set<GrantStatus> LIVE = EnumSet.of(GrantStatus.ACTIVE, GrantStatus.UNCONFIRMED);

    @Inject
    Connectors connectors;

    @Inject
    Invitations invitations;

    @Inject
    Attempts attempts;

    @Inject
    Grants grants;

    @Inject
    Disconnection disconnection;

    @Inject
    PushedAuthorization pushed;

    @Inject
    AuthorizationCodeExchange redemption;

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
                        connector.get().requestedScopes(need, known.map(Grant::granted)),
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
                        connector.requestedScopes(need, Optional.empty()),
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
                        connector.get().requestedScopes(need, known.map(Grant::granted)),
                        before.returnTo(),
                        before.locale(),
                        timesAsked(before)),
                known.isPresent() || wasAnswered(before));
    }

    /** Asking again and again is what people flee from: so many times, and then a pause. */
    boolean mayAskAgain(Attempt before) {
        return !wasAnswered(before) || before.askedBefore() < settings.reaskLimit() || coolDownIsOver(before);
    }

    /** When the pause ends; empty while asking is fine. */
    Optional<Instant> pausedUntil(Attempt before) {
        return mayAskAgain(before)
                ? Optional.empty()
                : Optional.ofNullable(before.finishedAt()).map(end -> end.plus(settings.reaskCoolDown()));
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
        return finished != null && !finished.plus(settings.reaskCoolDown()).isAfter(clock.instant());
    }

    /** The grant that an attempt led to, or that was there before it. */
    Optional<Grant> grant(Attempt attempt) {
        return Optional.ofNullable(attempt.grantId()).flatMap(grants::find);
    }

    /** The grant that the visitor of an attempt made; whoever refuses proves nothing about what somebody granted before. */
    public Optional<Grant> ownGrant(Attempt attempt) {
        return attempt.status() == AttemptStatus.GRANTED ? grant(attempt) : Optional.empty();
    }

    /**
     * Takes the browser back from the provider (RFC 6749 section 4.1.2) and says where it goes from here.
     *
     * @param connectorId whose callback this is; null for the callback that connectors share
     * @param shown what the browser shows for an attempt
     */
    Step complete(
            @Nullable String connectorId, AuthorizationResponse response, Function<String, Optional<Secret>> shown) {
        if (response instanceof AuthorizationResponse.Invalid invalid) {
            anonymous.spend();
            LOG.log(Level.INFO, "callback of {0} refused: {1}", new Object[] {known(connectorId), invalid.reason()});
            return startAgain(connectorId);
        }
        Secret state = response instanceof AuthorizationResponse.Granted granted
                ? granted.state()
                : ((AuthorizationResponse.Denied) response).state();
        Optional<Attempt> found = attempts.findByState(state);
        if (found.isEmpty()) {
            anonymous.spend();
            LOG.log(Level.INFO, "callback of {0} refused: the state is unknown", known(connectorId));
            return startAgain(connectorId);
        }
        Attempt attempt = found.get();
        Trace.follow(attempt.trace());
        if (!belongs(attempt, connectorId)) {
            LOG.log(
                    Level.WARNING,
                    "callback of {0} refused: its state belongs to another connector",
                    known(connectorId));
            return startAgain(connectorId);
        }
        Optional<Secret> browser = shown.apply(attempt.id()).filter(attempt::isFrom);
        if (browser.isEmpty()) {
            LOG.log(Level.INFO, "callback of {0} refused: another browser started the attempt", attempt.connector());
            return Step.to(Outcome.ELSEWHERE.page(settings));
        }
        if (attempt.status() == AttemptStatus.STARTED) {
            Optional<Outcome> refusal = proceed(attempt, browser.get(), response);
            if (refusal.isPresent()) {
                return Step.to(refusal.get().page(settings));
            }
        }
        // Anew, to see how it ended; whoever was forgotten during the trip has none.
        return attempts.find(attempt.id())
                .map(ended -> new Step(arrival(ended), ended.id(), browser.get()))
                .orElseGet(() -> Step.to(Outcome.LINK_ENDED.page(settings)));
    }

    /** What a log calls the connector whose callback was called: an address may name anything. */
    private String known(@Nullable String connectorId) {
        return connectorId == null
                ? "all connectors"
                : connectors.find(connectorId).map(Connector::id).orElse("no connector");
    }

    /** A code that arrives at another connector's callback may be meant for another server (RFC 9700 section 4.4). */
    private boolean belongs(Attempt attempt, @Nullable String connectorId) {
        return connectorId == null
                ? connectors
                        .find(attempt.connector())
                        .filter(Connector::sharedCallback)
                        .isPresent()
                : attempt.connector().equals(connectorId);
    }

    private Optional<Outcome> proceed(Attempt attempt, Secret browser, AuthorizationResponse response) {
        if (!attempt.expiresAt().isAfter(clock.instant())) {
            return Optional.of(Outcome.LINK_ENDED);
        }
        Optional<Connector> connector = open(attempt.connector());
        if (connector.isEmpty()) {
            return Optional.of(Outcome.CLOSED);
        }
        Optional<Pkce> claimed = attempts.claim(attempt.id());
        if (claimed.isEmpty()) {
            return Optional.empty(); // a double click: the other callback does the work
        }
        try {
            conclude(attempt, browser, connector.get(), response, claimed.get());
        } catch (ConfigurationException | ProviderException e) {
            failed(attempt.id(), connector.get(), e);
        }
        attempts.find(attempt.id()).ifPresent(this::tell);
        return Optional.empty();
    }

    /** The invitation's id, which the bot knows too, finds a trip in the log of any node. */
    private static void log(Level level, Attempt attempt, String what) {
        LOG.log(level, "attempt {0} of {1}, invitation {2}: {3}", new Object[] {
            attempt.id(), attempt.connector(), Objects.requireNonNullElse(attempt.invitation(), "none"), what
        });
    }

    private void tell(Attempt attempt) {
        String outcome = attempt.status().name().toLowerCase(Locale.ROOT);
        log(Level.INFO, attempt, outcome);
        Meters.count("attempts", "connector", attempt.connector(), "outcome", outcome);
        if (attempt.status() == AttemptStatus.GRANTED) {
            shortfall(attempt).stream()
                    .flatMap(shortfall -> shortfall.scopes().toList().stream())
                    .map(scope -> isDeclared(attempt.connector(), scope) ? scope : "other")
                    .forEach(scope -> Meters.count("shortfalls", "connector", attempt.connector(), "scope", scope));
        }
    }

    /** Bots may ask for scopes of their own where a provider has no list of them; numbers are kept of known ones only. */
    private boolean isDeclared(String connectorId, String scope) {
        return connectors
                .find(connectorId)
                .filter(connector -> connector.provider().catalogue().containsKey(scope)
                        || connector.declaredScopes().tokens().contains(scope))
                .isPresent();
    }

    private void conclude(
            Attempt attempt, Secret browser, Connector connector, AuthorizationResponse response, Pkce pkce) {
        Provider provider = connectors.registration(connector).provider();
        if (response instanceof AuthorizationResponse.Denied denied) {
            if (!provider.mayBeFrom(denied.issuer())) {
                attempts.failed(attempt.id(), AttemptStatus.FAILED);
            } else if (provider.authorization().isRefusal(denied.error())) {
                attempts.denied(attempt.id());
            } else {
                var redaction = Redaction.of(List.of(
                        denied.state().value(),
                        pkce.verifier().value(),
                        pkce.s256(),
                        pkce.rawBytes(),
                        browser.value()));
                LOG.log(Level.WARNING, "{0} answered: {1}", new Object[] {
                    attempt.connector(), denied.error().redacted(redaction)
                });
                attempts.failed(attempt.id(), AttemptStatus.FAILED);
            }
            return;
        }
        var granted = (AuthorizationResponse.Granted) response;
        if (provider.mayBeFrom(granted.issuer())) {
            exchange(attempt, browser, connector, granted.code(), pkce);
        } else {
            // The code never leaves us: it may be meant for an attacker's token end point (RFC 9700 section 4.4).
            LOG.log(Level.WARNING, "callback of {0} refused: iss is absent or another server's", attempt.connector());
            attempts.failed(attempt.id(), AttemptStatus.FAILED);
        }
    }

    private void exchange(Attempt attempt, Secret browser, Connector connector, Secret code, Pkce pkce) {
        Grants.Received received = redemption.redeem(connector, attempt, code, pkce);
        String expected = expectedAccount(attempt, connector);
        if (expected != null && !expected.equals(received.accountId())) {
            disconnection.discard(received);
            attempts.failed(attempt.id(), AttemptStatus.WRONG_ACCOUNT);
            return;
        }
        boolean byCode = connector.confirmation() == Confirmation.CODE;
        boolean stored = false;
        try {
            var shown = byCode ? ConfirmationCode.of(browser, attempt.id()) : null;
            // Two trips of one subject may end at the same moment: there is one grant, and the later one has the last
            // word.
            stored = OptimisticRetry.again(() -> attempts.granted(attempt.id(), received, shown));
        } finally {
            if (!stored) {
                disconnection.discard(received);
            }
        }
    }

    private static @Nullable String expectedAccount(Attempt attempt, Connector connector) {
        return attempt.accountId() == null && connector.confirmation() == Confirmation.SUBJECT
                ? attempt.subject()
                : attempt.accountId();
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
            return new Step(pushed.carried(client, request).appendTo(authorization), id, started.browser());
        } catch (ConfigurationException | ProviderException e) {
            failed(id, connector, e);
            attempts.find(id).ifPresent(this::tell);
            return new Step(Outcome.page(settings, started.attempt()), id, started.browser());
        }
    }

    private void failed(String attempt, Connector connector, RuntimeException reason) {
        boolean unreachable = reason instanceof ProviderException trouble && trouble.kind() == FailureKind.UNREACHABLE;
        LOG.log(Level.WARNING, "{0}: {1}", new Object[] {connector.id(), reason.getMessage()});
        connectors.doubt(connector);
        attempts.failed(attempt, unreachable ? AttemptStatus.UNREACHABLE : AttemptStatus.FAILED);
    }

    /** A web app's visitor goes straight back when there is nothing to explain; everybody else sees the outcome. */
    private URI arrival(Attempt attempt) {
        boolean nothingToSay = isTold(attempt)
                && attempt.status() == AttemptStatus.GRANTED
                && ownGrant(attempt)
                        .filter(grant -> grant.awaitsCode(clock.instant()))
                        .isEmpty()
                && shortfall(attempt).filter(Shortfall::isNone).isPresent();
        return nothingToSay ? returnStep(attempt) : Outcome.page(settings, attempt);
    }

    /** Whether whoever the visitor goes back to asks for the outcome: a web app, or a room of ours. */
    private boolean isTold(Attempt attempt) {
        String returnTo = attempt.returnTo();
        return returnTo != null
                && (attempt.isPublic()
                        || returnTo.startsWith(settings.publicUrl(TRIP_END).toString()));
    }

    /** Where "Back" leads: the return URL, with a fresh handle when it is a web app that will ask for the outcome. */
    public URI returnStep(Attempt attempt) {
        URI target = URI.create(Objects.requireNonNull(attempt.returnTo()));
        return isTold(attempt)
                ? new Parameters()
                        .with("attempt", attempts.handOut(attempt.id()).value())
                        .appendTo(target)
                : target;
    }

    /** What an attempt's grant lacks of what was needed; empty when the grant has ended. */
    Optional<Shortfall> shortfall(Attempt attempt) {
        return grant(attempt)
                .filter(grant -> LIVE.contains(grant.status(clock.instant())))
                .flatMap(grant -> connectors
                        .find(attempt.connector())
                        .map(connector ->
                                Shortfall.of(connector.need(attempt.features(), attempt.scopes()), grant.granted())));
    }

    private Step startAgain(@Nullable String connectorId) {
        boolean offer = Optional.ofNullable(connectorId)
                .flatMap(this::open)
                .filter(Connector::publicStart)
                .isPresent();
        URI page = Outcome.UNKNOWN.page(settings);
        return Step.to(offer ? new Parameters().with("connector", connectorId).appendTo(page) : page);
    }

    private Optional<Connector> open(String connectorId) {
        return connectors.find(connectorId).filter(Connector::enabled);
    }
}
