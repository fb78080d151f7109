package dev.grantbook.token;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.TokenHolder;
import dev.grantbook.grant.search.KnownGrants;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.token.RefreshLeases.RefreshLease;
import dev.grantbook.token.RefreshLeases.Taken;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Refreshes access tokens and secondary tokens (RFC 6749 section 6). One caller sends the request: callers of a node
 * share a future, and nodes a lease in the token's row. The others use the present token, or wait when it has expired.
 */
@ApplicationScoped
public class TokenRefresher {

    private static final Logger LOG = Logger.getLogger(TokenRefresher.class.getName());

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 10;

    /** Interval of reading the row while another node refreshes. */
    private static final Duration LOOK = Duration.ofMillis(100);

    @Inject
    RefreshLeases leases;

    @Inject
    Grants grants;

    @Inject
    KnownGrants known;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    Connectors connectors;

    @Inject
    TokenEndpoint exchange;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private final Map<String, CompletableFuture<TokenHolder>> running = new ConcurrentHashMap<>();

    /** Time of each connector's last failure to reach its provider. */
    private final Map<ConnectorId, Instant> away = new ConcurrentHashMap<>();

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.REFRESH, this::keepAlive);
    }

    /** Refreshes a token that is about to expire. */
    Grant refreshNearEnd(Grant seen) {
        return isDue(seen) ? (Grant) refresh(seen, this::isDue) : seen;
    }

    /** Refreshes a token that the provider rejects, whatever its age. */
    Grant replace(Grant seen) {
        return (Grant) refresh(
                seen,
                grant -> grant.isKeepAliveDue(Duration.ZERO, clock.instant())
                        && grants.haveSameToken((Grant) grant, seen));
    }

    /** Returns a grant's secondary tokens, after refreshing those that are about to expire. */
    public List<SecondaryToken> secondary(Grant grant) {
        List<SecondaryToken> seen = secondaryTokens.of(grant.id());
        List<SecondaryToken> ending = seen.stream().filter(this::isDue).toList();
        if (ending.isEmpty() || !grant.isActive(clock.instant())) {
            return seen;
        }
        ending.forEach(held -> refresh(held, this::isDue));
        return secondaryTokens.of(grant.id());
    }

    private boolean isDue(TokenHolder holder) {
        return holder.isRefreshDue(settings.refresh().margin(), clock.instant());
    }

    /** Uses refresh tokens that have been idle for long, since providers let those expire. */
    void keepAlive() {
        connectors.all().forEach(this::keepAlive);
    }

    /** Ends the round of a connector at the first failure to reach its provider. */
    private void keepAlive(Connector connector) {
        Duration age = settings.refresh().keepAlive();
        Instant begun = clock.instant();
        boolean secondary = connector.provider().token().parts().size() > 1;
        for (TokenHolder seen : leases.findAged(connector.id(), begun.minus(age), secondary)) {
            try {
                refresh(seen, holder -> holder.isKeepAliveDue(age, clock.instant()));
            } catch (RuntimeException e) {
                // One failure must not hold up the others.
                FaultLog.write(LOG, Level.WARNING, "there is no other token for a grant of " + connector.id(), e);
            }
            if (!away.getOrDefault(connector.id(), Instant.MIN).isBefore(begun)) {
                break;
            }
        }
    }

    private TokenHolder refresh(TokenHolder seen, Predicate<TokenHolder> due) {
        var mine = new CompletableFuture<TokenHolder>();
        CompletableFuture<TokenHolder> others = running.putIfAbsent(seen.rowId(), mine);
        if (others != null) {
            return works(seen) ? seen : await(others, seen);
        }
        TokenHolder result = seen;
        try {
            result = refreshAlone(seen, due);
            return result;
        } finally {
            running.remove(seen.rowId(), mine);
            mine.complete(result);
        }
    }

    private boolean works(TokenHolder holder) {
        return !holder.isOver(clock.instant());
    }

    private TokenHolder await(CompletableFuture<TokenHolder> others, TokenHolder seen) {
        try {
            return others.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return seen;
        } catch (ExecutionException | TimeoutException e) {
            return seen;
        }
    }

    /** Long enough for the lease of a dead node to expire and another refresh to finish. */
    private Duration patience() {
        return settings.refresh().lease().plus(settings.provider().timeout()).plus(LOOK);
    }

    private TokenHolder refreshAlone(TokenHolder seen, Predicate<TokenHolder> due) {
        long looks = patience().dividedBy(LOOK);
        TokenHolder latest = seen;
        for (long look = 0; look < looks; look++) {
            Taken taken = leases.take(seen, due, settings.refresh().lease());
            if (taken instanceof Taken.Leased mine) {
                return refresh(mine.lease());
            }
            if (taken instanceof Taken.Idle idle) {
                return idle.holder();
            }
            latest = ((Taken.LeasedElsewhere) taken).holder();
            if (works(latest) || !sleep()) {
                return latest;
            }
        }
        return latest;
    }

    /** Returns false when the thread is interrupted. */
    private static boolean sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private TokenHolder refresh(RefreshLease lease) {
        Duration length = settings.refresh().lease();
        Jobs.Beat signs = jobs.beat(length.dividedBy(3), "a lease", () -> leases.keep(lease, length));
        try {
            return ask(lease);
        } finally {
            signs.close();
        }
    }

    private TokenHolder ask(RefreshLease lease) {
        Optional<Connector> connector = connectors.find(lease.grant().connector());
        try {
            ClientRegistration client = connectors.registration(
                    connector.orElseThrow(() -> new ConfigurationException("its provider is not in the catalogue")));
            Provider provider = client.provider();
            TokenPart part = part(lease, provider);
            Instant sent = clock.instant();
            TokenResponse token =
                    exchange.refresh(client, lease.refreshToken(), part).after(Duration.between(sent, clock.instant()));
            return store(lease, token, known -> provider.readGranted(part, token.scopes(), known));
        } catch (ProviderException e) {
            connector.ifPresent(connectors::doubt);
            if (e.kind() == FailureKind.UNREACHABLE) {
                away.put(lease.grant().connector(), clock.instant());
            }
            return e.kind() == FailureKind.REFRESH_REFUSED
                    ? refuse(lease, connector.orElseThrow().provider(), e)
                    : fail(lease, e);
        } catch (ConfigurationException e) {
            return fail(lease, e);
        }
    }

    private static TokenPart part(RefreshLease lease, Provider provider) {
        return lease.holder() instanceof SecondaryToken held
                ? provider.token()
                        .partOf(held.kind())
                        .orElseThrow(() ->
                                new ConfigurationException("its descriptor has no part of the kind " + held.kind()))
                : provider.token().own(lease.grant().granted(), lease.held());
    }

    private TokenHolder store(RefreshLease lease, TokenResponse token, UnaryOperator<Scopes> dialect) {
        Optional<TokenHolder> stored = OptimisticRetry.again(() -> leases.store(lease, token, dialect));
        if (lease.holder() instanceof Grant grant) {
            known.forget(grant);
        }
        count(lease, stored.isPresent() ? "refreshed" : "useless");
        return stored.or(() -> lease.holder() instanceof Grant grant ? grants.find(grant.id()) : Optional.empty())
                .orElse(lease.holder());
    }

    private TokenHolder refuse(RefreshLease lease, Provider provider, ProviderException why) {
        note(lease, why);
        count(lease, "refused");
        TokenPart part = part(lease, provider);
        return OptimisticRetry.again(() ->
                leases.refuse(lease, known -> known.minus(provider.token().scopesOf(part, known))));
    }

    private TokenHolder fail(RefreshLease lease, RuntimeException why) {
        note(lease, why);
        count(lease, "failed");
        return leases.fail(lease, failures -> pause(failures, why, clock.instant()));
    }

    private static void count(RefreshLease lease, String outcome) {
        Meters.count("refreshes", "connector", lease.grant().connector().value(), "outcome", outcome);
    }

    private static void note(RefreshLease lease, RuntimeException why) {
        String what = lease.holder() instanceof SecondaryToken held ? "a " + held.kind() + " of grant" : "grant";
        LOG.log(Level.WARNING, "{0}: no other token for {1} {2}: {3}", new Object[] {
            lease.grant().connector(), what, lease.grant().id(), why.getMessage()
        });
    }

    /** Not shorter than the provider's {@code Retry-After}. */
    static Duration pause(int failures, RuntimeException why, Instant now) {
        Duration usual = pause(failures);
        Instant wanted = why instanceof ProviderException trouble ? trouble.retryAt() : null;
        return wanted == null || wanted.isBefore(now.plus(usual)) ? usual : Duration.between(now, wanted);
    }

    /** Doubles from half a minute to an hour. */
    static Duration pause(int failures) {
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
