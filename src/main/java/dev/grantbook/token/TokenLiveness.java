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
 * Answers whether tokens live. A token without an end gives no sign when its user takes everything back, so that the
 * provider is asked: when the last proof is older than a caller wants, in rounds, when a bot reports a refusal, and
 * when the provider says that something changed.
 */
@ApplicationScoped
public class TokenLiveness {

    private static final Logger LOG = Logger.getLogger(TokenLiveness.class.getName());

    /** How old a proof may be where the connector says nothing and the token has no end. */
    private static final Duration USUAL_AGE = Duration.ofHours(1);

    /** How long a provider is not asked again that gave no answer. */
    private static final Duration PEACE = Duration.ofMinutes(1);

    /** Many workers of a bot report the same refusal at once, and their calls took a moment. */
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

    /** Until when servers are not asked that said that they were asked too often, by their names. */
    private final Map<String, Instant> limited = new ConcurrentHashMap<>();

    /** What a provider says of a token. */
    public enum LivenessAnswer {
        ALIVE,
        DEAD,
        /** The provider does not answer, or not in a way that says anything about the token. */
        UNKNOWN,
        /** The provider has no endpoint that could be asked. */
        UNASKED
    }

    /**
     * A provider's answer.
     *
     * @param scopes what the token may do, in the provider's names; null when the provider did not say
     * @param more whether the provider is there to be asked, and wants to be asked more
     */
    private record Proof(LivenessAnswer answer, @Nullable Scopes scopes, boolean more) {}

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.PROBES, this::round);
    }

    /** Whether a proof is as old as that; a token without a proof has the oldest. */
    public boolean isOld(@Nullable Instant verifiedAt, Duration age) {
        return verifiedAt == null || !verifiedAt.plus(age).isAfter(clock.instant());
    }

    /** Asks about a token that is no grant's. */
    public LivenessAnswer ask(Connector connector, Secret token) {
        return isLimited(connector)
                ? LivenessAnswer.UNKNOWN
                : probe(connector, token).answer();
    }

    /**
     * The grant with a proof that is not too old, as far as that can be had.
     *
     * @param age how old a proof may be for this caller; null for what the connector wants
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
     * The grant after its token was refused, unless it was asked about just now.
     *
     * @param dead whether the refusal says that the token is of no use any more
     */
    Grant checkRefused(Grant seen, boolean dead) {
        return connectors
                .find(seen.connector())
                .map(connector -> check(connector, seen, grant -> PEACE, dead))
                .orElse(seen);
    }

    /**
     * Asks whatever was proved before: its provider says that something about the grant changed, and leaves open what.
     */
    public void checkNow(Connector connector, Grant seen) {
        prove(connector, seen, false);
    }

    /**
     * The grant after a refusal that the bot got. The bot's word alone ends nothing while there is somebody to ask: the
     * provider, by a probe or else by a refresh. Where there is neither, the bot's word stops the token.
     *
     * @param failure what the provider's descriptor makes of the refusal
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

    /** A call that was made a moment ago may have had the token before this one, if there was any. */
    private boolean isOfThisToken(Grant reported) {
        Instant issuedAt = reported.tokens().issuedAt();
        return issuedAt.equals(reported.createdAt()) || !issuedAt.plus(JUST_NOW).isAfter(clock.instant());
    }

    /** That it has come is no proof that it still works. */
    private static Duration findDoubtedAge(Grant reported) {
        Instant verified = reported.verifiedAt();
        return verified != null && verified.isAfter(reported.tokens().issuedAt()) ? JUST_NOW : Duration.ZERO;
    }

    /** How old a proof may be; null when no proof is wanted, since the token ends by itself soon enough. */
    private static @Nullable Duration findWantedAge(Connector connector, Grant grant) {
        boolean usual = grant.expiresAt() == null || livesAsLongAsItsAuthorization(connector);
        return connector.probeMaxAge() == null && usual ? USUAL_AGE : connector.probeMaxAge();
    }

    /** An end that is a year away is no sign of life. */
    private static boolean livesAsLongAsItsAuthorization(Connector connector) {
        return connector.provider().token().lifetime() != null;
    }

    /**
     * Asks about a grant whose proof is too old. Callers of one node share a question. What was answered to a question
     * that was on its way before they came may be too old for them, and then they ask themselves.
     *
     * @param age how old a proof may be, by the grant as it is by then; null when none is wanted
     * @param refused whether a call with the token was refused, which counts where nobody can be asked
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

    /** Some grants of each server, however many connectors it has here, and however many nodes ask. */
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
        // No connector is always the last, which gets what is left.
        Collections.shuffle(turns, random);
        for (int turn = 0; turn < turns.size(); turn++) {
            // Counted anew each time: other nodes ask as well, while this one waits for answers.
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
     * Asks about a grant and stores the answer.
     *
     * @param refused whether a call with the token was refused
     * @return whether the provider is there to be asked, and wants to be asked more
     */
    private boolean prove(Connector connector, Grant grant, boolean refused) {
        // What the answer proves is that the token lived when the question was on its way, not that it does now.
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

    /**
     * Another token is as good as a living one; without one, the grant has ended, unless another one may be had later.
     */
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
