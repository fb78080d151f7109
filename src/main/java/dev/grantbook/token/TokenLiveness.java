package dev.grantbook.token;

import dev.grantbook.catalogue.ApiFailure;
import dev.grantbook.catalogue.ApiFailure.Meaning;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.AccountGrants;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.vault.VaultException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether tokens still live. A token without an end gives no sign when its user takes everything back, so that the
 * provider is asked: when the last proof is old and somebody wants the token, in rounds, and when a bot reports a refusal.
 */
@ApplicationScoped
class TokenLiveness {

    private static final Logger LOG = Logger.getLogger(TokenLiveness.class.getName());

    /** How old a proof may be where the connector says nothing and the token has no end. */
    private static final Duration USUAL_AGE = Duration.ofHours(1);

    /** A provider that did not tell is left in peace for so long. */
    private static final Duration PEACE = Duration.ofMinutes(1);

    /** Many workers of a bot report the same refusal at once, and their calls took a moment. */
    private static final Duration JUST_NOW = Duration.ofSeconds(10);

    @Inject
    ProbeClaims proofs;

    @Inject
    Grants grants;

    @Inject
    AccountGrants accounts;

    @Inject
    Connectors connectors;

    @Inject
    ProviderApi api;

    @Inject
    TokenRefresher refresh;

    @Inject
    Jobs rounds;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    private final Map<String, CompletableFuture<Grant>> asking = new ConcurrentHashMap<>();

    /** Until when providers that were asked too often are left in peace, by their ids. */
    private final Map<String, Instant> limited = new ConcurrentHashMap<>();

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        rounds.start(Job.PROBES, this::round);
    }

    /** The grant with a proof that is not too old, as far as that can be had. */
    Grant whenOld(Connector connector, Grant seen) {
        return isOld(connector, seen) ? askOnce(connector, seen, grant -> isOld(connector, grant), false) : seen;
    }

    private boolean isOld(Connector connector, Grant grant) {
        Duration age = age(connector, grant);
        Instant now = clock.instant();
        Instant verified = grant.verifiedAt();
        return age != null
                && connector.provider().answersProbes()
                && !grant.isLeftInPeace(now)
                && (verified == null || !verified.plus(age).isAfter(now));
    }

    /**
     * Callers of one node share a question. What was answered to a question that was on its way before they came may be too
     * old for them, and then they ask themselves.
     *
     * @param worth whether to ask about the grant as it is by then: the answer may have come since it was seen
     * @param refused whether a call with the token was refused, which counts where nobody can be asked
     */
    private Grant askOnce(Connector connector, Grant seen, Predicate<Grant> worth, boolean refused) {
        var mine = new CompletableFuture<Grant>();
        CompletableFuture<Grant> others = asking.putIfAbsent(seen.id(), mine);
        if (others != null) {
            return ask(connector, others.join(), worth, refused);
        }
        Grant result = seen;
        try {
            result = ask(connector, current(seen), worth, refused);
            return result;
        } finally {
            asking.remove(seen.id(), mine);
            mine.complete(result);
        }
    }

    private Grant ask(Connector connector, Grant grant, Predicate<Grant> worth, boolean refused) {
        boolean living = grant.status(clock.instant()) == GrantStatus.ACTIVE;
        if (!living || wasAskedTooOften(connector) || !worth.test(grant)) {
            return grant;
        }
        tells(connector, grant, refused);
        return current(grant);
    }

    private boolean wasAskedTooOften(Connector connector) {
        Instant now = clock.instant();
        return limited.getOrDefault(connector.provider().id(), now).isAfter(now);
    }

    /**
     * The grant after its token was refused, unless somebody asked about it just now.
     *
     * @param dead whether the refusal says that the token is of no use any more
     */
    Grant ask(Grant seen, boolean dead) {
        return connectors
                .find(seen.connector())
                .filter(connector -> isWorthAsking(seen, PEACE))
                .map(connector -> askOnce(connector, seen, grant -> isWorthAsking(grant, PEACE), dead))
                .orElse(seen);
    }

    /** @param recent how young a proof is still good enough */
    private boolean isWorthAsking(Grant seen, Duration recent) {
        Instant now = clock.instant();
        Instant verified = seen.verifiedAt();
        boolean justNow = verified != null && verified.plus(recent).isAfter(now);
        return !justNow && !seen.isLeftInPeace(now);
    }

    /** Some grants of each provider, however many connectors it has here, and however many nodes ask. */
    void round() {
        connectors.all().stream()
                .filter(Connector::enabled)
                .filter(connector -> connector.provider().answersProbes())
                .collect(Collectors.groupingBy(connector -> connector.provider().id()))
                .values()
                .forEach(this::round);
    }

    private void round(List<Connector> ofProvider) {
        List<String> ids = ofProvider.stream().map(Connector::id).toList();
        Instant since = clock.instant().minus(settings.probe().round());
        var turns = new ArrayList<>(ofProvider);
        // Nobody is always the last, who gets what is left.
        Collections.shuffle(turns, random);
        for (int turn = 0; turn < turns.size(); turn++) {
            // Counted anew each time: other nodes ask as well, while this one waits for answers.
            int left = settings.probe().perRound() - proofs.countSince(ids, since);
            int others = turns.size() - turn - 1;
            if (left > 0 && !wasAskedTooOften(turns.get(turn))) {
                round(turns.get(turn), (left + others) / (others + 1));
            }
        }
    }

    private void round(Connector connector, int share) {
        Instant now = clock.instant();
        Duration wanted = connector.probeMaxAge();
        Duration age = wanted == null ? USUAL_AGE : wanted;
        boolean endless = wanted == null && !livesAsLongAsItsAuthorization(connector);
        List<String> ids = proofs.claimOldest(connector.id(), endless, now.minus(age), now.minus(PEACE), share);
        for (String id : ids) {
            // What is not asked about now was set out for, and comes later.
            if (!grants.find(id).map(grant -> tells(connector, grant, false)).orElse(true)) {
                break;
            }
        }
    }

    /**
     * What a refusal that the bot got says about its grant. The bot's word alone ends nothing while there is somebody to ask:
     * the provider, by a probe or else by a refresh. Where there is neither, the bot's word stops the token.
     *
     * @param failure what the provider's descriptor makes of the refusal
     */
    Grant recordRefusal(Connector connector, Grant seen, ApiFailure failure) {
        if (failure.meaning() == Meaning.SCOPE_MISSING && !failure.missing().isEmpty() && isOfThisToken(seen)) {
            var aliases = connector.provider().scopeDialect().aliases();
            List<String> missing = failure.missing().tokens().stream()
                    .map(scope -> aliases.getOrDefault(scope, scope))
                    .toList();
            OptimisticRetry.again(() -> accounts.lacks(seen, missing));
            return current(seen);
        }
        boolean aboutToken = failure.meaning() == Meaning.DEAD || failure.meaning() == Meaning.SCOPE_MISSING;
        boolean dead = failure.meaning() == Meaning.DEAD && isOfThisToken(seen);
        return aboutToken && isInDoubt(seen) ? askOnce(connector, seen, this::isInDoubt, dead) : seen;
    }

    /** A call that was made a moment ago may have had the token before this one, if there was any. */
    private boolean isOfThisToken(Grant reported) {
        return reported.refreshedAt().equals(reported.createdAt())
                || !reported.refreshedAt().plus(JUST_NOW).isAfter(clock.instant());
    }

    private boolean isInDoubt(Grant reported) {
        Instant verified = reported.verifiedAt();
        // That it has come is no proof that it still works.
        boolean askedSince = verified != null && verified.isAfter(reported.refreshedAt());
        return isWorthAsking(reported, askedSince ? JUST_NOW : Duration.ZERO);
    }

    /** An end that is a year away is no sign of life. */
    private static boolean livesAsLongAsItsAuthorization(Connector connector) {
        return connector.provider().token().lifetime() != null;
    }

    /** How old a proof may be; null when no proof is wanted, since the token ends by itself soon enough. */
    private static @Nullable Duration age(Connector connector, Grant grant) {
        boolean usual = grant.expiresAt() == null || livesAsLongAsItsAuthorization(connector);
        return connector.probeMaxAge() == null && usual ? USUAL_AGE : connector.probeMaxAge();
    }

    /**
     * @param refused whether a call with the token was refused
     * @return whether the provider is there to be asked, and wants to be asked more
     */
    private boolean tells(Connector connector, Grant grant, boolean refused) {
        // What the answer proves is that the token lived when the question was on its way, not that it does now.
        Instant before = clock.instant();
        try {
            Optional<Secret> token =
                    grant.status(before) == GrantStatus.ACTIVE ? grants.accessToken(grant) : Optional.empty();
            if (token.isEmpty()) {
                return true;
            }
            ClientRegistration client = connectors.registration(connector);
            ProbeResult result = api.probe(client, token.get());
            ApiFailure failure = result.failure();
            if (result.isDead()) {
                dead(grant);
            } else if (result.saysNothing() && refused) {
                refreshOr(grant, grants::callRefused);
            } else if (result.saysNothing()) {
                return true;
            } else if (failure == null && result.scopes() != null) {
                Scopes granted = client.provider().scopeDialect().readGranted(result.scopes(), grant.granted());
                OptimisticRetry.again(() -> accounts.recordScopes(grant, granted, before));
            } else if (failure == null || failure.meaning() == Meaning.SCOPE_MISSING) {
                grants.recordProof(grant, before);
            } else {
                leaveInPeace(grant);
            }
            if (failure == null || failure.meaning() != Meaning.RATE_LIMITED) {
                return true;
            }
            limited.put(connector.provider().id(), clock.instant().plus(PEACE));
            return false;
        } catch (ProviderException | ConfigurationException e) {
            LOG.log(Level.INFO, "{0}: whether a token lives is not known: {1}", new Object[] {
                connector.id(), e.getMessage()
            });
            leaveInPeace(grant);
            return false;
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "{0}: grant {1}: {2}", new Object[] {connector.id(), grant.id(), e.getMessage()});
            leaveInPeace(grant);
            return true;
        }
    }

    private void leaveInPeace(Grant grant) {
        proofs.leaveInPeace(grant.id(), clock.instant().plus(PEACE));
    }

    /**
     * The provider takes the token no more. Another one is as good as a living one; without one, the grant has ended, unless another
     * one may be had later.
     */
    Grant dead(Grant grant) {
        return refreshOr(grant, grants::recordRejection);
    }

    private Grant refreshOr(Grant grant, Consumer<Grant> rejected) {
        Grant replaced = refresh.inPlaceOf(grant);
        if (grants.haveSameToken(replaced, grant)) {
            rejected.accept(replaced);
            return current(grant);
        }
        return replaced;
    }

    private Grant current(Grant grant) {
        return grants.find(grant.id()).orElse(grant);
    }
}
