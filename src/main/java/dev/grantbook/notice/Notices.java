package dev.grantbook.notice;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.WebhookSignature;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.SecretReference;
import dev.grantbook.conversation.facebook.FacebookLinking;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.notice.meta.AccountLinking;
import dev.grantbook.notice.meta.PermissionChange;
import dev.grantbook.notice.meta.SignedRequest;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.token.NoticedLiveness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Acts on notices of providers. A provider knows our app and not our connectors: a notice counts for every connector
 * with the same client id, whichever of them its address names.
 */
@ApplicationScoped
public class Notices {

    private static final Logger LOG = Logger.getLogger(Notices.class.getName());

    @Inject
    AnonymousBudget anonymous;

    @Inject
    Connectors connectors;

    @Inject
    AccountGrants grants;

    @Inject
    Deletions deletions;

    @Inject
    FacebookLinking linking;

    @Inject
    NoticedLiveness freshLook;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 404 when the connector takes no webhooks */
    boolean isVerifyToken(ConnectorId connectorId, @Nullable String presented) {
        Connector connector = signing(connectorId);
        SecretReference reference = connector.verifyToken();
        return reference != null
                && presented != null
                && !presented.isEmpty()
                && new Secret(presented).matches(secret(connector, reference).hash());
    }

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 403 when the provider did not sign it */
    void webhook(ConnectorId connectorId, UnaryOperator<@Nullable String> headers, byte[] body) {
        Connector connector = signing(connectorId);
        WebhookSignature signature = connector.provider().notices().webhook();
        if (!signature.proves(headers, body, clientSecret(connector))) {
            anonymous.spend();
            LOG.log(Level.INFO, "a webhook of {0} was refused: its signature is absent or wrong", connector.id());
            throw Problem.of(403, "wrong-signature", "This was not signed with the client secret of this connector.")
                    .exception();
        }
        JsonObject json = json(body);
        List<Connector> app = ofTheSameApp(connector);
        for (AccountLinking event : AccountLinking.in(json)) {
            for (Connector one : app) {
                if (event.code() == null) {
                    linking.unlink(one.id(), event.psid());
                } else {
                    linking.link(one.id(), event.psid(), event.code());
                }
            }
        }
        PermissionChange.accounts(json).forEach(account -> freshLook.at(app, account));
    }

    /** Ends the account's grants, unless they are newer than the notice. */
    void deauthorize(ConnectorId connectorId, String signedRequest) {
        Connector connector = requireSignedRequests(connectorId);
        SignedRequest request = parse(connector, signedRequest);
        int ended = grants.withdraw(
                idsOfTheSameApp(connector),
                request.account(),
                request.issuedAt().plus(settings.provider().clockSkew()));
        LOG.log(Level.INFO, "{0} says that an account took everything back: {1} grants ended", new Object[] {
            connector.id(), ended
        });
    }

    /** Deletes the account's data and returns the confirmation code. */
    Secret deletionAsked(ConnectorId connectorId, String signedRequest) {
        Connector connector = requireSignedRequests(connectorId);
        SignedRequest request = parse(connector, signedRequest);
        // Derived from the request: the same for a repeat, and only the provider can know it.
        var code = new Secret(clientSecret(connector).hmacSha256("deletion of " + request.payload()));
        // Of two concurrent repeats, the later one finds the deletion done.
        OptimisticRetry.again(() -> deletions.delete(code, idsOfTheSameApp(connector), request.account()));
        LOG.log(Level.INFO, "{0} says that an account wants to be forgotten, and it was", connector.id());
        return code;
    }

    private SignedRequest parse(Connector connector, String signedRequest) {
        return SignedRequest.parse(
                signedRequest,
                clientSecret(connector),
                clock.instant(),
                settings.provider().clockSkew());
    }

    private List<Connector> ofTheSameApp(Connector connector) {
        return connectors.all().stream()
                .filter(other ->
                        other.provider().id().equals(connector.provider().id())
                                && other.clientId().equals(connector.clientId()))
                .toList();
    }

    private List<ConnectorId> idsOfTheSameApp(Connector connector) {
        return ofTheSameApp(connector).stream().map(Connector::id).toList();
    }

    private Connector signing(ConnectorId id) {
        return find(id, provider -> provider.notices().webhook() != WebhookSignature.NONE);
    }

    private Connector requireSignedRequests(ConnectorId id) {
        return find(id, provider -> provider.notices().signedRequest());
    }

    /** Disabled connectors too: their grants are kept. */
    private Connector find(ConnectorId id, Predicate<Provider> takes) {
        return connectors
                .find(id)
                .filter(connector -> takes.test(connector.provider()))
                .orElseThrow(Notices::notHere);
    }

    private Secret clientSecret(Connector connector) {
        SecretReference reference = connector.clientSecret();
        if (reference == null) {
            // A public client has no secret that its provider could sign with.
            throw notHere();
        }
        return secret(connector, reference);
    }

    /** Answers 503 when the secret of a disabled connector is gone, so that the provider repeats the notice. */
    private Secret secret(Connector connector, SecretReference reference) {
        try {
            return reference.resolve(settings);
        } catch (ConfigurationException e) {
            LOG.log(Level.SEVERE, "{0}: a notice cannot be checked: {1}", new Object[] {connector.id(), e.getMessage()
            });
            throw Problem.of(503, "not-available", "This cannot be checked right now. Please try again later.")
                    .exception();
        }
    }

    private static JsonObject json(byte[] body) {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            // Parsers signal their limits by exceptions of any type, and their messages may quote the body.
            throw Problem.field("body", "not a JSON object").exception();
        }
    }

    private static ProblemException notHere() {
        return Problem.of(404, "not-found", "There is nothing at this address.").exception();
    }
}
