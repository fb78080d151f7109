package dev.grantbook.authorization;

import dev.grantbook.catalogue.Account;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderToken;
import dev.grantbook.catalogue.ScopeSource;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Disconnection;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.IdTokens;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.provider.ProviderException.FailureKind;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a code is worth: a token, what it may do, and whose it is. Stores nothing but what has to be given up again. */
@ApplicationScoped
public class AuthorizationCodeExchange {

    private static final Logger LOG = Logger.getLogger(AuthorizationCodeExchange.class.getName());

    @Inject
    Connectors connectors;

    @Inject
    TokenEndpoint exchange;

    @Inject
    IdTokens idTokens;

    @Inject
    ProviderApi api;

    @Inject
    Clock clock;

    @Inject
    Disconnection disconnection;

    /**
     * Exchanges a code that answers a request of somebody else's, and asks what came of it.
     *
     * @param subject null for the provider's account id
     * @param verifier null when the authorization request had no challenge
     * @param redirectUri where the code arrived; null for the connector's own
     * @param asked every scope of the authorization request
     * @throws ProviderException when no usable token came back
     * @throws dev.grantbook.platform.config.ConfigurationException when the client secret is not where it should be
     */
    public Grants.Received redeem(
            Connector connector,
            @Nullable String subject,
            Secret code,
            @Nullable Secret verifier,
            @Nullable URI redirectUri,
            Scopes asked) {
        return redeem(connector, subject, code, verifier, redirectUri, asked, null);
    }

    /**
     * Exchanges a code that answers a request of ours.
     *
     * @throws ProviderException when no usable token came back
     */
    Grants.Received redeem(Connector connector, Attempt attempt, Secret code, Pkce pkce) {
        return redeem(
                connector, attempt.subject(), code, pkce.verifier(), null, attempt.asked(), attempt::isAnsweredWith);
    }

    private Grants.Received redeem(
            Connector connector,
            @Nullable String subject,
            Secret code,
            @Nullable Secret verifier,
            @Nullable URI redirectUri,
            Scopes asked,
            @Nullable Predicate<Secret> nonce) {
        ClientRegistration registered = connectors.registration(connector);
        ClientRegistration client = redirectUri == null ? registered : registered.at(redirectUri);
        Instant sent = clock.instant();
        TokenReply reply = exchange.exchange(client, code, verifier);
        Grants.Received received = null;
        try {
            received = received(connector, client, reply, sent, subject, asked, nonce);
            return received;
        } finally {
            if (received == null) {
                // Whose account it is is not known yet.
                disconnection.discard(new Grants.Received(
                        connector.id(), subject == null ? "" : subject, null, asked, reply.token(), reply.holdings()));
            }
        }
    }

    private Grants.Received received(
            Connector connector,
            ClientRegistration client,
            TokenReply reply,
            Instant sent,
            @Nullable String subject,
            Scopes asked,
            @Nullable Predicate<Secret> nonce) {
        // Nobody is asked anything with a token whose ID token is not to be believed.
        Optional<JsonObject> claims =
                idTokens.claims(client, reply.token(), client.expectsIdToken(asked) ? nonce : null);
        Secret token = reply.token().accessToken();
        Provider provider = client.provider();
        Scopes reported = provider.scopeDialect().source() == ScopeSource.PERMISSIONS_CALL
                ? api.permissions(client, token)
                : reply.token().scopes();
        Account account =
                reply.account().or(() -> account(client, token, claims)).orElse(null);
        String holder = subject == null ? (account == null ? "" : account.id()) : subject;
        Duration passed = Duration.between(sent, clock.instant());
        return new Grants.Received(
                connector.id(),
                holder,
                account,
                asked,
                reply.token()
                        .livingFor(provider.token().lifetime())
                        .with(provider.scopeDialect().granted(reported, asked))
                        .after(passed),
                holdings(client, reply, passed));
    }

    private Optional<Account> account(ClientRegistration client, Secret token, Optional<JsonObject> claims) {
        Optional<Account> told = client.provider().account().from() == Provider.AccountSource.ENDPOINT
                ? told(client, token, claims)
                : Optional.empty();
        claims.ifPresent(known -> told.ifPresent(account -> IdTokens.checkSubject(client.provider(), known, account)));
        return told.or(() -> claims.map(known -> IdTokens.account(client.provider(), known)));
    }

    /** UserInfo refuses a token that is made out to an API; whose it is, the ID token has said by then. */
    private Optional<Account> told(ClientRegistration client, Secret token, Optional<JsonObject> claims) {
        try {
            return api.account(client, token);
        } catch (ProviderException e) {
            boolean known = claims.isPresent() && IdTokens.namesAccounts(client.provider());
            if (e.kind() != FailureKind.REFUSED || !known) {
                throw e;
            }
            LOG.log(Level.INFO, "{0}: the ID token alone says whose account it is: {1}", new Object[] {
                client.provider().id(), e.getMessage()
            });
            return Optional.empty();
        }
    }

    /** The grant stands without them, and they come with its next renewal. */
    private List<ProviderToken> holdings(ClientRegistration client, TokenReply reply, Duration passed) {
        var holdings = new ArrayList<ProviderToken>();
        reply.holdings().forEach(held -> holdings.add(held.after(passed)));
        try {
            holdings.addAll(api.holdings(client, reply.token().accessToken()));
        } catch (ProviderException e) {
            LOG.log(Level.WARNING, "{0}: holdings are unknown: {1}", new Object[] {
                client.provider().id(), e.getMessage()
            });
        }
        return List.copyOf(holdings);
    }
}
