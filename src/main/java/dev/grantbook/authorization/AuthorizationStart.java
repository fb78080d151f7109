package dev.grantbook.authorization;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.attempt.Attempt;
import dev.grantbook.authorization.attempt.Attempt.AttemptStatus;
import dev.grantbook.authorization.attempt.Attempt.Plan;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.authorization.attempt.Attempts.InvitationStart;
import dev.grantbook.authorization.attempt.Outcome;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Parameters;
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
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** Starts attempts: sends browsers to the provider. Writes no state, verifier or cookie to the log. */
@ApplicationScoped
class AuthorizationStart {

    @Inject
    Connectors connectors;

    @Inject
    Attempts attempts;

    @Inject
    Grants grants;

    @Inject
    PushedAuthorization pushed;

    @Inject
    AuthorizationFlow flow;

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Where the browser goes next.
     *
     * @param attempt the id of the attempt that the cookie is for; null when nothing was started
     * @param browser the value of that cookie
     */
    record Step(
            URI location,
            @Nullable String attempt,
            @Nullable Secret browser) {

        static Step to(URI location) {
            return new Step(location, null, null);
        }
    }

    record PublicStart(
            Connector connector,
            List<String> features,
            Scopes scopes,
            @Nullable String returnTo,
            @Nullable Locale locale) {}

    /** Starts the attempt of an invitation, whose button was pressed. */
    Step begin(Secret token) {
        InvitationStart start = attempts.open(token);
        if (start instanceof InvitationStart.Opened opened) {
            return leave(opened.connector(), opened.started(), opened.asksAgain());
        }
        Outcome outcome = ((InvitationStart.NotOpened) start).outcome();
        if (outcome == Outcome.LINK_ENDED) {
            anonymous.spend();
        }
        return Step.to(outcome.page(settings));
    }

    /** Starts an attempt without an invitation, for a visitor whom a web app sent. */
    Step begin(PublicStart start) {
        Connector connector = start.connector();
        Scopes asked = connector.collectScopes(connector.need(start.features(), start.scopes()), Optional.empty());
        var plan = new Plan(
                connector.id(),
                null,
                null,
                null,
                start.features(),
                start.scopes(),
                asked,
                start.returnTo(),
                start.locale(),
                0);
        return leave(connector, attempts.start(plan), false);
    }

    /** Starts an attempt after an earlier one: the user pressed "Allow the rest" or "Try again" on its outcome. */
    Step again(Attempt before) {
        Trace.follow(before.trace());
        Optional<Connector> open = connectors.find(before.connector()).filter(Connector::enabled);
        if (open.isEmpty()) {
            return Step.to(Outcome.CLOSED.page(settings));
        }
        if (!mayAskAgain(before)) {
            return Step.to(Outcome.page(settings, before));
        }
        Connector connector = open.get();
        Optional<Grant> known = Optional.ofNullable(before.grantId()).flatMap(grants::find);
        Scopes asked =
                connector.collectScopes(connector.need(before.features(), before.scopes()), known.map(Grant::granted));
        var plan = new Plan(
                before.connector(),
                before.invitation(),
                known.map(Grant::subject).orElse(before.subject()),
                before.accountId(),
                before.features(),
                before.scopes(),
                asked,
                before.returnTo(),
                before.locale(),
                timesAsked(before));
        return leave(connector, attempts.start(plan), known.isPresent() || wasAnswered(before));
    }

    /** Whether the user may be asked once more: a limited number of times in a series, then only after a cool-down. */
    boolean mayAskAgain(Attempt before) {
        return !wasAnswered(before)
                || before.askedBefore() < settings.attempts().reaskLimit()
                || coolDownIsOver(before);
    }

    /** When the cool-down ends; empty while asking is fine. */
    Optional<Instant> findPauseEnd(Attempt before) {
        return mayAskAgain(before)
                ? Optional.empty()
                : Optional.ofNullable(before.finishedAt())
                        .map(end -> end.plus(settings.attempts().reaskCoolDown()));
    }

    /** Whether the user decided; a failure of the provider does not count. */
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

    /** @param asksAgain whether this user was asked before */
    private Step leave(Connector connector, Attempts.Started started, boolean asksAgain) {
        Attempt attempt = started.attempt();
        AuthorizationFlow.log(Level.FINE, attempt, "started");
        Meters.count("attempts.started", "connector", connector.id().value());
        URI location;
        try {
            ClientRegistration client = connectors.registration(connector);
            Parameters request = client.authorizationRequest(
                    attempt.asked(), started.state(), started.pkce(), asksAgain, attempt.returnTo());
            if (client.expectsIdToken(attempt.asked())) {
                request.with("nonce", started.nonce().value());
            }
            URI authorization =
                    Objects.requireNonNull(client.provider().endpoints().authorization());
            location = pushed.push(client, request).appendTo(authorization);
        } catch (ConfigurationException | ProviderException e) {
            flow.abort(started, connector, e);
            location = Outcome.page(settings, attempt);
        }
        return new Step(location, attempt.id(), started.browser());
    }
}
