package dev.grantbook.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.platform.ConfigurationException;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.provider.TokenExchange;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends grants: our tokens are destroyed first, then the provider is told, where it can be (RFC 7009). */
@ApplicationScoped
public class Disconnection {

    private static final Logger LOG = Logger.getLogger(Disconnection.class.getName());

    @Inject
    Grants grants;

    @Inject
    Connectors connectors;

    @Inject
    TokenExchange exchange;

    /** @param actor who ends it, as histories name it */
    public void disconnect(String grantId, String actor) {
        Optional<Connector> connector =
                grants.find(grantId).map(Grant::connector).flatMap(connectors::find);
        List<Grants.Ended> tokens = grants.disconnect(grantId, actor);
        for (Grants.Ended ended : tokens) {
            connector.ifPresent(known -> tell(known, ended));
        }
    }

    private void tell(Connector connector, Grants.Ended ended) {
        try {
            exchange.revoke(connectors.registration(connector), ended.token(), ended.kind());
        } catch (ProviderException | ConfigurationException e) {
            LOG.log(Level.WARNING, "the provider of {0} was not told that its {1} ended: {2}", new Object[] {
                connector.id(), ended.kind(), e.getMessage()
            });
        }
    }
}
