package dev.grantbook.revocation;

import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.jobs.WorkQueue;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenEndpoint.RevocationReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.revocation.Revocations.RevocationAnswer;
import dev.grantbook.revocation.Revocations.RevocationClaim;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends grants: our tokens are destroyed first, and then the provider is told, where it can be (RFC 7009). It is told at
 * once; what does not succeed is tried again in rounds, by whichever node comes first, so that neither a provider that
 * is away nor a node that is killed leaves a token alive that its user believes dead.
 */
@ApplicationScoped
public class Disconnection {

    private static final Logger LOG = Logger.getLogger(Disconnection.class.getName());

    @Inject
    Revocations revocations;

    @Inject
    Connectors connectors;

    @Inject
    TokenEndpoint exchange;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.REVOCATIONS, this::round);
        Meters.gauge("revocations.waiting", revocations::count);
        Meters.gauge(
                "revocations.longest.wait.seconds",
                () -> revocations.longestWait().toSeconds());
    }

    /** @param actor who ends it, as histories name it */
    public void disconnect(GrantId grantId, String actor) {
        disconnect(grantId, actor, grant -> {});
    }

    /** @param check is shown the grant while nobody else can change it; what it throws keeps the grant alive */
    void disconnect(GrantId grantId, String actor, Consumer<Grant> check) {
        revocations.disconnect(grantId, actor, check).ifPresent(this::tell);
    }

    /**
     * Gives up tokens that nobody may have. The next round tells the provider: whoever is waiting here has nothing of
     * it.
     */
    public void discard(Grants.Received received) {
        revocations.add(received);
    }

    /** Tells what is due. A provider that does not listen is left alone until the next round. */
    void round() {
        for (ConnectorId connector : revocations.due()) {
            WorkQueue.drain(() -> revocations.takeNext(connector), this::tell);
        }
    }

    /** @return whether the provider gave an answer of any kind */
    private boolean tell(RevocationClaim claim) {
        Jobs.Beat signs =
                jobs.beat(settings.refresh().lease().dividedBy(3), "a revocation", () -> revocations.stay(claim));
        try {
            RevocationAnswer answer = revocations.isStillUsed(claim) ? RevocationAnswer.STILL_USED : ask(claim);
            revocations.settle(claim, answer);
            return answer != RevocationAnswer.AWAY;
        } finally {
            signs.close();
        }
    }

    private RevocationAnswer ask(RevocationClaim claim) {
        try {
            ClientRegistration client = connectors.registration(connectors
                    .find(claim.row().connector())
                    .orElseThrow(() -> new ConfigurationException("its provider is not in the catalogue")));
            return ask(client, claim);
        } catch (ProviderException | ConfigurationException e) {
            LOG.log(Level.WARNING, "the provider of {0} was not told that a token ended: {1}", new Object[] {
                claim.row().connector(), e.getMessage()
            });
            boolean no = e instanceof ProviderException trouble && trouble.kind() == FailureKind.REFUSED;
            return no ? RevocationAnswer.REFUSED : RevocationAnswer.AWAY;
        } catch (RuntimeException e) {
            // Whatever is wrong with this one must not keep the others waiting, nor the user who ends a grant.
            LOG.log(Level.WARNING, "the provider of {0} was not told that a token ended: {1}", new Object[] {
                claim.row().connector(), e.getClass().getName()
            });
            return RevocationAnswer.AWAY;
        }
    }

    /**
     * RFC 7009 section 2.1: the end of a refresh token may end the access token, and the other way round. Both are
     * told.
     */
    private RevocationAnswer ask(ClientRegistration client, RevocationClaim claim) {
        Secret access = claim.tokens().access();
        Secret refresh = claim.tokens().refresh();
        RevocationReply first =
                refresh == null ? RevocationReply.NO_WAY : exchange.revoke(client, refresh, "refresh_token");
        RevocationReply second =
                access == null ? RevocationReply.NO_WAY : exchange.revoke(client, access, "access_token");
        if (second == RevocationReply.DEAD_BEFORE && first == RevocationReply.NO_WAY && refresh != null) {
            return askWithAnother(client, claim, refresh);
        }
        return first == RevocationReply.NO_WAY && second == RevocationReply.NO_WAY
                ? RevocationAnswer.UNSUPPORTED
                : RevocationAnswer.NOTIFIED;
    }

    /** Where only a living access token ends anything, and this one is too old: the refresh token gets another one. */
    private RevocationAnswer askWithAnother(ClientRegistration client, RevocationClaim claim, Secret refresh) {
        try {
            TokenResponse other = exchange.refresh(
                    client, refresh, client.provider().token().parts().get(0));
            OptimisticRetry.again(() -> revocations.replaceToken(claim, other));
            exchange.revoke(client, other.accessToken(), "access_token");
        } catch (ProviderException e) {
            if (e.kind() != FailureKind.REFRESH_REFUSED) {
                throw e;
            }
            LOG.log(Level.FINE, "the refresh token had ended too");
        }
        return RevocationAnswer.NOTIFIED;
    }
}
