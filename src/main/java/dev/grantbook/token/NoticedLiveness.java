package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.AccountGrants;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.observability.Trace;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderException;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Asks a provider what is still granted, after it said that something changed: the notice says that, and leaves open what.
 * In the background, since the provider waits for our answer only for seconds.
 */
@ApplicationScoped
public class NoticedLiveness {

    private static final Logger LOG = Logger.getLogger(NoticedLiveness.class.getName());

    @Resource
    @SuppressWarnings("NullAway.Init") // the server injects it
    ManagedExecutorService executor;

    @Inject
    Connectors connectors;

    @Inject
    AccountGrants accounts;

    @Inject
    Grants grants;

    @Inject
    FreshTokens tokens;

    @Inject
    ProviderApi api;

    @Inject
    Clock clock;

    /** Looks at every live grant of an account; when there is no time for it, a later look finds the same. */
    public void at(List<Connector> ofTheApp, String accountId) {
        try {
            String trace = Trace.current();
            executor.execute(() -> Trace.during(trace, () -> look(ofTheApp, accountId)));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.WARNING, "no fresh look at the grants of an account: {0}", e.getMessage());
        }
    }

    /** Nobody waits for what becomes of it, so that it has to tell by itself. */
    private void look(List<Connector> ofTheApp, String accountId) {
        for (Connector connector : ofTheApp) {
            for (Grant grant : accounts.live(List.of(connector.id()), accountId)) {
                try {
                    grants.accessToken(grant).ifPresent(token -> look(connector, grant, token));
                } catch (ProviderException | ConfigurationException e) {
                    LOG.log(Level.WARNING, "{0}: no fresh look at a grant: {1}", new Object[] {
                        connector.id(), e.getMessage()
                    });
                } catch (RuntimeException e) {
                    FaultLog.write(LOG, Level.SEVERE, connector.id() + ": a fresh look at a grant broke off", e);
                }
            }
        }
    }

    private void look(Connector connector, Grant grant, Secret token) {
        Instant asked = clock.instant();
        ClientRegistration client = connectors.registration(connector);
        ProbeResult found = api.probe(client, token);
        if (found.isDead() && grant.isRefreshable()) {
            tokens.inPlaceOfDead(grant);
        } else if (found.isDead()) {
            // This one alone: the account's others have tokens of their own, and each is asked about.
            grants.recordRejection(grant);
        } else if (found.failure() == null && found.scopes() != null) {
            Scopes granted = client.provider().scopeDialect().readGranted(found.scopes(), grant.granted());
            accounts.recordScopes(grant, granted, asked);
        }
    }
}
