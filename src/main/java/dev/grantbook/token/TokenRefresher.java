package dev.grantbook.token;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
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
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.provider.ProviderException.FailureKind;
import dev.grantbook.provider.TokenEndpoint;
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
 * Gets other tokens without the user (RFC 6749 section 6). However many callers on however many nodes find that it is time,
 * one of them asks the provider: within a node by a future that they share, among nodes by the lease in the grant's row. The
 * others go on with the token that there is, or wait for the next one when that has ended.
 */
@ApplicationScoped
class TokenRefresher {

    private static final Logger LOG = Logger.getLogger(TokenRefresher.class.getName());

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 10;

    /** How often the row is looked at while another node refreshes. */
    private static final Duration LOOK = Duration.ofMillis(100);

    @Inject
    RefreshLeases renewals;

    @Inject
    Grants grants;

    @Inject
    Connectors connectors;

    @Inject
    TokenEndpoint exchange;

    @Inject
    Jobs rounds;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private final Map<String, CompletableFuture<Grant>> running = new ConcurrentHashMap<>();

    /** When the providers of connectors could not be asked, the last time. */
    private final Map<String, Instant> away = new ConcurrentHashMap<>();

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        rounds.start(Job.GRANT_EXPIRY, grants::expireOver);
        rounds.start(Job.CONFIRMATION_EXPIRY, grants::dropUnconfirmed);
        rounds.start(Job.REFRESH, this::keepAlive);
    }

    /** The grant with a token that is not about to end, as far as that can be had. */
    Grant nearItsEnd(Grant seen) {
        Predicate<Grant> due = grant -> grant.isRefreshDue(settings.refresh().margin(), clock.instant());
        return due.test(seen) ? refreshOnce(seen, due) : seen;
    }

    /** Another token whatever the age of the one that there is: the provider no longer takes it. */
    Grant inPlaceOf(Grant seen) {
        return refreshOnce(
                seen,
                grant -> grant.isKeepAliveDue(Duration.ZERO, clock.instant()) && grants.haveSameToken(grant, seen));
    }

    /** Uses refresh tokens that nobody has used for long: providers forget those. */
    void keepAlive() {
        connectors.all().forEach(connector -> keepAlive(connector.id()));
    }

    /** A provider that is away is asked once a round. */
    private void keepAlive(String connector) {
        Duration age = settings.refresh().keepAlive();
        Instant begun = clock.instant();
        for (String id : renewals.findAged(connector, begun.minus(age))) {
            try {
                grants.find(id)
                        .ifPresent(seen -> refreshOnce(seen, grant -> grant.isKeepAliveDue(age, clock.instant())));
            } catch (RuntimeException e) {
                FaultLog.write(LOG, Level.WARNING, "there is no other token for a grant of " + connector, e);
            }
            if (!away.getOrDefault(connector, Instant.MIN).isBefore(begun)) {
                break;
            }
        }
    }

    private Grant refreshOnce(Grant seen, Predicate<Grant> due) {
        var mine = new CompletableFuture<Grant>();
        CompletableFuture<Grant> others = running.putIfAbsent(seen.id(), mine);
        if (others != null) {
            return works(seen) ? seen : await(others, seen);
        }
        Grant result = seen;
        try {
            result = alone(seen, due);
            return result;
        } finally {
            running.remove(seen.id(), mine);
            mine.complete(result);
        }
    }

    private boolean works(Grant grant) {
        return !grant.isOver(clock.instant());
    }

    private Grant await(CompletableFuture<Grant> others, Grant seen) {
        try {
            return others.get(patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return seen;
        } catch (ExecutionException | TimeoutException e) {
            return seen;
        }
    }

    /** A holder that is gone is noticed when its lease ends, and the provider may then take its time once more. */
    private Duration patience() {
        return settings.refresh().lease().plus(settings.provider().timeout()).plus(LOOK);
    }

    private Grant alone(Grant seen, Predicate<Grant> due) {
        long looks = patience().dividedBy(LOOK);
        Grant latest = seen;
        for (long look = 0; look < looks; look++) {
            Optional<Taken> taken =
                    renewals.take(seen.id(), due, settings.refresh().lease());
            if (taken.isEmpty()) {
                return latest;
            }
            if (taken.get() instanceof Taken.Leased mine) {
                return refresh(mine.lease());
            }
            if (taken.get() instanceof Taken.Idle idle) {
                return idle.grant();
            }
            latest = ((Taken.LeasedElsewhere) taken.get()).grant();
            if (works(latest) || !slept()) {
                return latest;
            }
        }
        return latest;
    }

    private static boolean slept() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Grant refresh(RefreshLease lease) {
        Duration length = settings.refresh().lease();
        Jobs.Beat signs = rounds.beat(length.dividedBy(3), "a lease", () -> renewals.keep(lease, length));
        try {
            return ask(lease);
        } finally {
            signs.close();
        }
    }

    private Grant ask(RefreshLease lease) {
        Optional<Connector> connector = connectors.find(lease.grant().connector());
        try {
            ClientRegistration client = connectors.registration(
                    connector.orElseThrow(() -> new ConfigurationException("its provider is not in the catalogue")));
            Provider provider = client.provider();
            Provider.TokenPart part = provider.token().own(lease.grant().granted(), lease.held());
            Instant sent = clock.instant();
            TokenResponse token =
                    exchange.refresh(client, lease.refreshToken(), part).after(Duration.between(sent, clock.instant()));
            return store(lease, token, known -> provider.readGranted(part, token.scopes(), known));
        } catch (ProviderException e) {
            note(lease, e);
            connector.ifPresent(connectors::doubt);
            if (e.kind() == FailureKind.UNREACHABLE) {
                away.put(lease.grant().connector(), clock.instant());
            }
            count(lease, e.kind() == FailureKind.REFRESH_REFUSED ? "refused" : "failed");
            return e.kind() == FailureKind.REFRESH_REFUSED
                    ? renewals.recordRefusal(lease)
                    : renewals.recordFailure(lease, failures -> pause(failures, e, clock.instant()));
        } catch (ConfigurationException e) {
            note(lease, e);
            count(lease, "failed");
            return renewals.recordFailure(lease, TokenRefresher::pause);
        }
    }

    private static void count(RefreshLease lease, String outcome) {
        Meters.count("refreshes", "connector", lease.grant().connector(), "outcome", outcome);
    }

    private static void note(RefreshLease lease, RuntimeException why) {
        LOG.log(Level.WARNING, "{0}: no other token for grant {1}: {2}", new Object[] {
            lease.grant().connector(), lease.grant().id(), why.getMessage()
        });
    }

    /** Nobody has the tokens before they are stored. */
    private Grant store(RefreshLease lease, TokenResponse token, UnaryOperator<Scopes> dialect) {
        Optional<Grant> refreshed = OptimisticRetry.again(() -> renewals.storeRefreshed(lease, token, dialect));
        count(lease, refreshed.isPresent() ? "refreshed" : "useless");
        return refreshed.or(() -> grants.find(lease.grant().id())).orElse(lease.grant());
    }

    /** At least as long as the provider asked for. */
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
