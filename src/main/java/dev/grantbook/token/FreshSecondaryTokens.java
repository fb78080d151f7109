package dev.grantbook.token;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.provider.ProviderException.FailureKind;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.token.SecondaryRefreshLeases.SecondaryRefreshLease;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Holdings with tokens that work. Where a token has an end and a refresh token, another one is got before its end, and kept
 * alive like a grant's own. One caller on one node asks the provider; the others go on with what there is.
 */
@ApplicationScoped
public class FreshSecondaryTokens {

    private static final Logger LOG = Logger.getLogger(FreshSecondaryTokens.class.getName());

    @Inject
    SecondaryRefreshLeases renewals;

    @Inject
    SecondaryTokens holdings;

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

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        rounds.start(Job.SECONDARY_REFRESH, this::keepAlive);
    }

    /** What came with a grant, with other tokens in place of those that are about to end, as far as they can be had. */
    public List<SecondaryToken> of(Grant grant) {
        List<SecondaryToken> seen = holdings.of(grant.id());
        Predicate<SecondaryToken> due =
                held -> held.isRefreshDue(settings.refresh().margin(), clock.instant());
        List<SecondaryToken> ending = seen.stream().filter(due).toList();
        if (ending.isEmpty() || grant.status(clock.instant()) != GrantStatus.ACTIVE) {
            return seen;
        }
        ending.forEach(held -> refresh(held, due));
        return holdings.of(grant.id());
    }

    /** Uses refresh tokens that nobody has used for long: providers forget those. */
    void keepAlive() {
        Duration age = settings.refresh().keepAlive();
        for (Connector connector : connectors.all()) {
            boolean any = connector.provider().token().parts().size() > 1;
            Instant before = clock.instant().minus(age);
            for (SecondaryToken held : any ? renewals.findAged(connector.id(), before) : List.<SecondaryToken>of()) {
                // A provider that is away is asked once a round.
                if (!keep(held, age)) {
                    break;
                }
            }
        }
    }

    /** @return whether the provider is there to be asked */
    private boolean keep(SecondaryToken held, Duration age) {
        try {
            return refresh(held, one -> one.isKeepAliveDue(age, clock.instant()));
        } catch (RuntimeException e) {
            // What one makes fail must not keep the others from their turn.
            FaultLog.write(LOG, Level.WARNING, "no other token for what came with a grant", e);
            return true;
        }
    }

    /** @return whether the provider is there to be asked */
    private boolean refresh(SecondaryToken seen, Predicate<SecondaryToken> due) {
        // The lease outlives any reply: nobody has to say that its holder is still at it.
        Duration length = settings.refresh().lease().plus(settings.provider().timeout());
        Optional<SecondaryRefreshLease> lease = renewals.take(seen, due, length);
        return lease.isEmpty() || refresh(lease.get());
    }

    private boolean refresh(SecondaryRefreshLease lease) {
        try {
            Connector connector = connectors
                    .find(lease.grant().connector())
                    .orElseThrow(() -> new ConfigurationException("its provider is not in the catalogue"));
            Provider provider = connector.provider();
            Optional<Provider.TokenPart> part =
                    provider.token().partOf(lease.holding().kind());
            if (part.isEmpty()) {
                throw new ConfigurationException("its descriptor has no part of the kind "
                        + lease.holding().kind());
            }
            return refresh(lease, connectors.registration(connector), part.get());
        } catch (ProviderException | ConfigurationException e) {
            note(lease, e);
            renewals.recordFailure(lease, failures -> TokenRefresher.pause(failures, e, clock.instant()));
            return !(e instanceof ProviderException trouble && trouble.kind() == FailureKind.UNREACHABLE);
        }
    }

    private boolean refresh(SecondaryRefreshLease lease, ClientRegistration client, Provider.TokenPart part) {
        Provider provider = client.provider();
        Instant sent = clock.instant();
        try {
            TokenResponse token =
                    exchange.refresh(client, lease.refreshToken(), part).after(Duration.between(sent, clock.instant()));
            OptimisticRetry.again(() ->
                    renewals.storeRefreshed(lease, token, known -> provider.readGranted(part, token.scopes(), known)));
        } catch (ProviderException e) {
            if (e.kind() != FailureKind.REFRESH_REFUSED) {
                throw e;
            }
            note(lease, e);
            OptimisticRetry.again(() -> renewals.recordRefusal(lease, known -> withoutScopesOf(provider, part, known)));
        }
        return true;
    }

    private static Scopes withoutScopesOf(Provider provider, Provider.TokenPart part, Scopes known) {
        return known.minus(provider.token().scopesOf(part, known));
    }

    private static void note(SecondaryRefreshLease lease, RuntimeException why) {
        LOG.log(Level.WARNING, "{0}: no other token for a {1} of grant {2}: {3}", new Object[] {
            lease.grant().connector(), lease.holding().kind(), lease.grant().id(), why.getMessage()
        });
    }
}
