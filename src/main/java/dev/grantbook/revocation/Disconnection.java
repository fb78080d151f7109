package dev.grantbook.revocation;

import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
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
 * Ends grants: deletes the tokens here, then revokes them at the provider (RFC 7009). What fails is tried again in
 * rounds on any node, so that neither an unreachable provider nor a killed node leaves a token valid that its user has
 * ended.
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

    /** @param actor as histories name it */
    public void disconnect(GrantId grantId, String actor) {
        disconnect(grantId, actor, grant -> {});
    }

    /** @param check receives the locked grant, and keeps it alive by an exception */
    void disconnect(GrantId grantId, String actor, Consumer<Grant> check) {
        revocations.disconnect(grantId, actor, check).ifPresent(this::tell);
    }

    /** Discards tokens that belong to no grant; the next round revokes them. */
    public void discard(ReceivedTokens received) {
        revocations.add(received);
    }

    /** Revokes what is due, until a provider gives no answer. */
    void round() {
        for (ConnectorId connector : revocations.due()) {
            WorkQueue.drain(() -> revocations.takeNext(connector), this::tell);
        }
    }

    /** Returns false when the provider gives no answer. */
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
        } catch (RuntimeException e) {
            // No failure may hold up the other revocations, or the user who ends a grant.
            boolean expected = e instanceof ProviderException || e instanceof ConfigurationException;
            LOG.log(Level.WARNING, "the provider of {0} was not notified of a revocation: {1}", new Object[] {
                claim.row().connector(),
                expected ? e.getMessage() : e.getClass().getName()
            });
            return e instanceof ProviderException trouble && trouble.kind() == FailureKind.REFUSED
                    ? RevocationAnswer.REFUSED
                    : RevocationAnswer.AWAY;
        }
    }

    /** Revokes both tokens, since the end of one need not end the other (RFC 7009 section 2.1). */
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

    /** Gets another access token to revoke, where refresh tokens cannot be revoked and the first one has expired. */
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
