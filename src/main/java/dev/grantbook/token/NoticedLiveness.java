package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.platform.observability.FaultLog;
import dev.grantbook.platform.observability.Trace;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Probes an account's grants after a notice that does not say what changed. Works in the background, since the provider
 * waits only seconds for the response to its notice.
 */
@ApplicationScoped
public class NoticedLiveness {

    private static final Logger LOG = Logger.getLogger(NoticedLiveness.class.getName());

    @Resource
    ManagedExecutorService executor;

    @Inject
    AccountGrants accounts;

    @Inject
    TokenLiveness liveness;

    /** Probes each live grant of an account; without a free thread, the rounds of {@link TokenLiveness} do it later. */
    public void at(List<Connector> ofTheApp, String accountId) {
        try {
            String trace = Trace.current();
            executor.execute(() -> Trace.during(trace, () -> look(ofTheApp, accountId)));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.WARNING, "no fresh look at the grants of an account: {0}", e.getMessage());
        }
    }

    private void look(List<Connector> ofTheApp, String accountId) {
        for (Connector connector : ofTheApp) {
            for (Grant grant : accounts.live(List.of(connector.id()), accountId)) {
                try {
                    liveness.checkNow(connector, grant);
                } catch (RuntimeException e) {
                    FaultLog.write(LOG, Level.SEVERE, connector.id() + ": a fresh look at a grant broke off", e);
                }
            }
        }
    }
}
