package dev.grantbook.token;

import dev.grantbook.catalogue.Account;
import dev.grantbook.catalogue.ApiFailure;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Whether a provider still knows a token. */
@ApplicationScoped
public class ConversationLiveness {

    private static final Logger LOG = Logger.getLogger(ConversationLiveness.class.getName());

    @Inject
    Connectors connectors;

    @Inject
    ProviderApi api;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** What the provider says. */
    public enum LivenessAnswer {
        ALIVE,
        DEAD,
        /** The provider does not answer, or not in a way that says anything about the token. */
        UNKNOWN,
        /** The provider has no endpoint that could be asked. */
        UNASKED
    }

    /** Whether it is time to ask again. */
    public boolean isDue(@Nullable Instant verifiedAt) {
        return verifiedAt == null || !verifiedAt.plus(settings.verifyAfter()).isAfter(clock.instant());
    }

    public LivenessAnswer ask(Connector connector, Secret token) {
        try {
            ProbeResult result = api.probe(connectors.registration(connector), token);
            if (result.isDead()) {
                return LivenessAnswer.DEAD;
            }
            if (result.saysNothing()) {
                return LivenessAnswer.UNASKED;
            }
            ApiFailure failure = result.failure();
            return failure == null || failure.meaning() == ApiFailure.Meaning.SCOPE_MISSING
                    ? LivenessAnswer.ALIVE
                    : LivenessAnswer.UNKNOWN;
        } catch (ProviderException e) {
            LOG.log(Level.INFO, "{0}: whether a token lives is not known: {1}", new Object[] {
                connector.id(), e.getMessage()
            });
            return LivenessAnswer.UNKNOWN;
        } catch (ConfigurationException e) {
            // Ours to mend, and no reason to take a token away from anybody.
            LOG.log(Level.SEVERE, "{0}: {1}", new Object[] {connector.id(), e.getMessage()});
            return LivenessAnswer.UNKNOWN;
        }
    }

    /**
     * Whose token it is.
     *
     * @return empty when the provider has no endpoint for that
     * @throws ProviderException when the provider did not tell
     */
    public Optional<Account> account(Connector connector, Secret token) {
        return api.account(connectors.registration(connector), token);
    }
}
