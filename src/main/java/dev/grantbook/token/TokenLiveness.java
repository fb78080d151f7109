package dev.grantbook.token;

import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantTimes;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantedScopes;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.http.ProviderException;
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
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Determines whether tokens are valid. A token that never expires does not show that its user has withdrawn it, so that
 * the provider is probed: when the last proof is too old for a caller, in rounds, after a rejected call, and after a
 * notice from the provider.
 */
@ApplicationScoped
public class TokenLiveness {

    private static final Logger LOG = Logger.getLogger(TokenLiveness.class.getName());

    /** Greatest age of the proof of a token that never expires, unless the connector sets one. */
    private static final Duration USUAL_AGE = Duration.ofHours(1);

    /** Pause after a probe without an answer. */
    private static final Duration PEACE = Duration.ofMinutes(1);

    /** Time within which a bot's workers report the same rejection, and calls with a replaced token may return. */
    private static final Duration JUST_NOW = Duration.ofSeconds(10);

    @Inject
    ProbeClaims claims;

    @Inject
    Grants grants;

    @Inject
    GrantTimes times;

    @Inject
    GrantedScopes scopes;

    @Inject
    GrantEnding ending;

    @Inject
    Connectors connectors;

    @Inject
    ProviderApi api;

    @Inject
    TokenRefresher refresher;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    private final Map<GrantId, CompletableFuture<Grant>> asking = new ConcurrentHashMap<>();

    /** End of the pause of each rate-limiting server, by its name. */
    private final Map<String, Instant> limited = new ConcurrentHashMap<>();

    /** Result of a probe. */
    public enum LivenessAnswer {
        ALIVE,
        DEAD,
        /** The provider gives no answer about the token. */
        UNKNOWN,
        /** The provider has no endpoint for probes. */
        UNASKED
    }

    /**
     * A provider's answer.
     *
     * @param scopes of the token, in the provider's names; null when the provider does not list them
     * @param more whether the provider answers further probes
     */
    private record Proof(LivenessAnswer answer, @Nullable Scopes scopes, boolean more) {}

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.PROBES, this::round);
    }

    /** Whether a proof has reached an age; a missing one always has. */
    public boolean isOld(@Nullable Instant verifiedAt, Duration age) {
        return verifiedAt == null || !verifiedAt.plus(age).isAfter(clock.instant());
    }

    /** Probes a token that belongs to no grant. */
    public LivenessAnswer ask(Connector connector, Secret token) {
        return isLimited(connector)
                ? LivenessAnswer.UNKNOWN
                : probe(connector, token).answer();
    }

    /**
     * Probes a grant whose proof is too old, and returns the grant as it is then.
     *
     * @param age greatest age of the proof; the connector's setting counts when it is shorter, or this is null
     */
    Grant check(Connector connector, Grant seen, @Nullable Duration age) {
        return check(
                connector,
                seen,
                grant -> {
                    Duration wanted = findWantedAge(connector, grant);
                    return age == null || (wanted != null && wanted.compareTo(age) < 0) ? wanted : age;
                },
                false);
    }

    /**
     * Probes a grant whose token was rejected, unless it was probed within a minute.
     *
     * @param dead whether the rejection says that the token is invalid
     */
    Grant checkRefused(Grant seen, boolean dead) {
        return connectors
                .find(seen.connector())
                .map(connector -> check(connector, seen, grant -> PEACE, dead))
                .orElse(seen);
    }

    /** Probes a grant, however young its proof is. */
    public void checkNow(Connector connector, Grant seen) {
        prove(connector, seen, false);
    }

    /**
     * Records a rejected call. A report ends a grant only when a probe, or else a refresh, confirms it, or when the
     * provider has neither.
     *
     * @param failure the rejection, as the provider's descriptor reads it
     * @return the grant as it is now
     */
    Grant recordRefusal(Connector connector, Grant seen, ApiFailure failure) {
        if (failure.meaning() == Meaning.SCOPE_MISSING && !failure.missing().isEmpty() && isOfThisToken(seen)) {
            var aliases = connector.provider().scopeDialect().aliases();
            List<String> missing = failure.missing().tokens().stream()
                    .map(scope -> aliases.getOrDefault(scope, scope))
                    .toList();
            OptimisticRetry.again(() -> scopes.remove(seen, missing));
            return current(seen);
        }
        boolean aboutToken = failure.meaning() == Meaning.DEAD || failure.meaning() == Meaning.SCOPE_MISSING;
        boolean dead = failure.meaning() == Meaning.DEAD && isOfThisToken(seen);
        return aboutToken ? check(connector, seen, TokenLiveness::findDoubtedAge, dead) : seen;
    }

    /** A recent call may have used the token before this one, if there was one. */
    private boolean isOfThisToken(Grant reported) {
        Instant issuedAt = reported.tokens().issuedAt();
        return issuedAt.equals(reported.createdAt()) || !issuedAt.plus(JUST_NOW).isAfter(clock.instant());
    }

    /** The issue of a token counts as its first proof, but not against a report. */
    private static Duration findDoubtedAge(Grant reported) {
        Instant verified = reported.verifiedAt();
        return verified != null && verified.isAfter(reported.tokens().issuedAt()) ? JUST_NOW : Duration.ZERO;
    }

    /** Null when no proof is wanted, since the token expires soon. */
    private static @Nullable Duration findWantedAge(Connector connector, Grant grant) {
        boolean usual = grant.expiresAt() == null || livesAsLongAsItsAuthorization(connector);
        return connector.probeMaxAge() == null && usual ? USUAL_AGE : connector.probeMaxAge();
    }

    /** An expiry that follows the authorization, often after a year, replaces no proof. */
    private static boolean livesAsLongAsItsAuthorization(Connector connector) {
        return connector.provider().token().lifetime() != null;
    }

    /**
     * Probes a grant whose proof is too old. Callers of one node share a probe, unless it began too early for one.
     *
     * @param age greatest age of the proof; null when none is wanted
     * @param refused whether a call with the token was rejected, which decides where no probe is possible
     */
    private Grant check(Connector connector, Grant seen, Function<Grant, @Nullable Duration> age, boolean refused) {
        if (!isDue(connector, seen, age, refused)) {
            return seen;
        }
        var mine = new CompletableFuture<Grant>();
        CompletableFuture<Grant> others = asking.putIfAbsent(seen.id(), mine);
        if (others != null) {
            return checkAlone(connector, others.join(), age, refused);
        }
        Grant result = seen;
        try {
            result = checkAlone(connector, current(seen), age, refused);
            return result;
        } finally {
            asking.remove(seen.id(), mine);
            mine.complete(result);
        }
    }

    private Grant checkAlone(
            Connector connector, Grant grant, Function<Grant, @Nullable Duration> age, boolean refused) {
        if (isLimited(connector) || !isDue(connector, grant, age, refused)) {
            return grant;
        }
        prove(connector, grant, refused);
        return current(grant);
    }

    private boolean isDue(Connector connector, Grant grant, Function<Grant, @Nullable Duration> age, boolean refused) {
        Instant now = clock.instant();
        Duration wanted = age.apply(grant);
        return wanted != null
                && grant.isActive(now)
                && !grant.isLeftInPeace(now)
                && isOld(grant.verifiedAt(), wanted)
                && (refused || connector.provider().answersProbes());
    }

    private boolean isLimited(Connector connector) {
        Instant now = clock.instant();
        return limited.getOrDefault(connector.provider().server(), now).isAfter(now);
    }

    /** Probes some grants of each server; all its connectors and all nodes share one limit. */
    void round() {
        connectors.all().stream()
                .filter(Connector::enabled)
                .filter(connector -> connector.provider().answersProbes())
                .collect(Collectors.groupingBy(connector -> connector.provider().server()))
                .values()
                .forEach(this::round);
    }

    private void round(List<Connector> ofServer) {
        List<ConnectorId> ids = ofServer.stream().map(Connector::id).toList();
        Instant since = clock.instant().minus(settings.probe().round());
        var turns = new ArrayList<>(ofServer);
        // Each round, another connector is the last one, which gets the rest.
        Collections.shuffle(turns, random);
        for (int turn = 0; turn < turns.size(); turn++) {
            // Counted anew each time, since other nodes probe meanwhile.
            int left = settings.probe().perRound() - claims.countSince(ids, since);
            int others = turns.size() - turn - 1;
            if (left > 0 && !isLimited(turns.get(turn))) {
                round(turns.get(turn), (left + others) / (others + 1));
            }
        }
    }

    private void round(Connector connector, int share) {
        Instant now = clock.instant();
        Duration wanted = connector.probeMaxAge();
        Duration age = wanted == null ? USUAL_AGE : wanted;
        boolean endless = wanted == null && !livesAsLongAsItsAuthorization(connector);
        List<GrantId> ids = claims.claimOldest(connector.id(), endless, now.minus(age), now.minus(PEACE), share);
        for (GrantId id : ids) {
            // The remaining ids stay claimed; a later round probes them.
            if (!grants.find(id).map(grant -> prove(connector, grant, false)).orElse(true)) {
                break;
            }
        }
    }

    /**
     * Probes a grant and stores the answer.
     *
     * @param refused whether a call with the token was rejected
     * @return whether the provider answers further probes
     */
    private boolean prove(Connector connector, Grant grant, boolean refused) {
        // The answer proves that the token was valid when the probe was sent, not that it is so now.
        Instant before = clock.instant();
        Optional<Secret> token;
        try {
            token = grants.accessToken(grant);
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "{0}: grant {1}: {2}", new Object[] {connector.id(), grant.id(), e.getMessage()});
            leaveInPeace(grant);
            return true;
        }
        if (token.isEmpty()) {
            return true;
        }
        Proof proof = probe(connector, token.get());
        switch (proof.answer()) {
            case DEAD -> replace(grant, ending::reject);
            case UNASKED -> {
                if (refused) {
                    replace(grant, ending::rejectCall);
                }
            }
            case UNKNOWN -> leaveInPeace(grant);
            case ALIVE -> {
                if (proof.scopes() == null) {
                    times.prove(grant, before);
                } else {
                    Scopes granted = connector.provider().scopeDialect().readGranted(proof.scopes(), grant.granted());
                    OptimisticRetry.again(() -> scopes.prove(grant, granted, before));
                }
            }
        }
        return proof.more();
    }

    private Proof probe(Connector connector, Secret token) {
        try {
            ProbeResult result = api.probe(connectors.registration(connector), token);
            ApiFailure failure = result.failure();
            if (failure == null) {
                return new Proof(LivenessAnswer.ALIVE, result.scopes(), true);
            }
            return switch (failure.meaning()) {
                case DEAD -> new Proof(LivenessAnswer.DEAD, null, true);
                case UNKNOWN -> new Proof(LivenessAnswer.UNASKED, null, true);
                case SCOPE_MISSING -> new Proof(LivenessAnswer.ALIVE, null, true);
                case RATE_LIMITED -> {
                    limited.put(connector.provider().server(), clock.instant().plus(PEACE));
                    yield new Proof(LivenessAnswer.UNKNOWN, null, false);
                }
                default -> new Proof(LivenessAnswer.UNKNOWN, null, true);
            };
        } catch (ProviderException | ConfigurationException e) {
            LOG.log(Level.INFO, "{0}: whether a token lives is not known: {1}", new Object[] {
                connector.id(), e.getMessage()
            });
            return new Proof(LivenessAnswer.UNKNOWN, null, false);
        }
    }

    private void leaveInPeace(Grant grant) {
        claims.leaveInPeace(grant.id(), clock.instant().plus(PEACE));
    }

    /** Refreshes a dead token, and rejects it when that gives no other. */
    private void replace(Grant grant, Consumer<Grant> reject) {
        Grant replaced = refresher.replace(grant);
        if (grants.haveSameToken(replaced, grant)) {
            reject.accept(replaced);
        }
    }

    private Grant current(Grant grant) {
        return grants.find(grant.id()).orElse(grant);
    }
}
