package dev.grantbook.authorization;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.dialect.ScopeSource;
import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.IdTokens;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.provider.UnusableReplyException;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.revocation.Disconnection;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges authorization codes for tokens (RFC 6749 section 4.1.3): checks the issuer, determines granted scopes and
 * account, and checks the account. Discards issued tokens that are not stored, which revokes them at the provider.
 */
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
     * A code and its authorization request.
     *
     * @param subject null for the provider's account id
     * @param accountId the account that must log in; null for any
     * @param verifier null when the authorization request had no challenge
     * @param redirectUri null for the connector's own
     * @param asked every scope of the authorization request
     * @param nonce whether a nonce is the authorization request's; null when another application made the request
     */
    public record ReceivedCode(
            Connector connector,
            @Nullable Subject subject,
            @Nullable String accountId,
            Secret value,
            @Nullable Secret verifier,
            @Nullable URI redirectUri,
            Scopes asked,
            @Nullable Predicate<Secret> nonce) {}

    /** Why nothing was stored. */
    public enum ExchangeFailure {
        /** A secret of the connector cannot be read; the code is unused. */
        MISCONFIGURED,
        /** No whole reply came. */
        UNREACHABLE,
        /** The provider refused the code, its reply cannot be used, or the issuer is another one. */
        REFUSED,
        WRONG_ACCOUNT,
        /** The attempt or conversation was erased meanwhile. */
        ERASED
    }

    public sealed interface ExchangeResult<T> {

        record Exchanged<T>(T value) implements ExchangeResult<T> {}

        /** Every issued token is discarded. */
        record NotExchanged<T>(ExchangeFailure reason) implements ExchangeResult<T> {}
    }

    /**
     * Checks the issuer of an authorization response (RFC 9207 section 2.4): a code of another server may be meant for
     * an attacker's token endpoint (RFC 9700 section 4.4).
     *
     * @return why the response must not be used; empty when it may
     */
    public Optional<ExchangeFailure> check(Connector connector, AuthorizationResponse.WithState response) {
        try {
            // The server's metadata may promise iss.
            if (connectors.registration(connector).provider().mayBeFrom(response.issuer())) {
                return Optional.empty();
            }
            LOG.log(Level.WARNING, "callback of {0} refused: iss is absent or another server's", connector.id());
            return Optional.of(ExchangeFailure.REFUSED);
        } catch (ConfigurationException | ProviderException e) {
            return Optional.of(failure(connector, e));
        }
    }

    /** The account that must log in; null for any. */
    public static @Nullable String findExpectedAccount(
            Connector connector, @Nullable Subject subject, @Nullable String accountId) {
        return accountId == null && subject != null && connector.confirmation() == Confirmation.SUBJECT
                ? subject.value()
                : accountId;
    }

    /**
     * Exchanges a code and stores the result.
     *
     * @param store in one transaction, which is repeated when it fails; empty when the attempt or conversation was
     *     erased
     * @throws RuntimeException when the last try to store failed
     */
    public <T> ExchangeResult<T> exchange(ReceivedCode code, Function<ReceivedTokens, Optional<T>> store) {
        Connector connector = code.connector();
        try {
            ClientRegistration registered = connectors.registration(connector);
            return exchange(code.redirectUri() == null ? registered : registered.at(code.redirectUri()), code, store);
        } catch (ConfigurationException | ProviderException e) {
            return new ExchangeResult.NotExchanged<>(failure(connector, e));
        }
    }

    private <T> ExchangeResult<T> exchange(
            ClientRegistration client, ReceivedCode code, Function<ReceivedTokens, Optional<T>> store) {
        Instant sent = clock.instant();
        TokenReply reply;
        try {
            reply = exchange.exchange(client, code.value(), code.verifier());
        } catch (UnusableReplyException e) {
            discard(unread(code, e.issued()));
            throw e;
        }
        ReceivedTokens received = unread(code, reply);
        boolean stored = false;
        try {
            received = read(client, code, reply, sent);
            String expected = findExpectedAccount(code.connector(), code.subject(), code.accountId());
            if (expected != null && !expected.equals(received.accountId())) {
                return new ExchangeResult.NotExchanged<>(ExchangeFailure.WRONG_ACCOUNT);
            }
            ReceivedTokens complete = received;
            Optional<T> kept = OptimisticRetry.again(() -> store.apply(complete));
            stored = kept.isPresent();
            return kept.<ExchangeResult<T>>map(ExchangeResult.Exchanged::new)
                    .orElse(new ExchangeResult.NotExchanged<>(ExchangeFailure.ERASED));
        } finally {
            if (!stored) {
                discard(received);
            }
        }
    }

    /** Logs a failure of a call to the connector's server. */
    ExchangeFailure failure(Connector connector, RuntimeException e) {
        boolean ours = e instanceof ConfigurationException;
        LOG.log(ours ? Level.SEVERE : Level.WARNING, "{0}: {1}", new Object[] {connector.id(), e.getMessage()});
        connectors.doubt(connector);
        boolean away = e instanceof ProviderException trouble && trouble.kind() == FailureKind.UNREACHABLE;
        return ours ? ExchangeFailure.MISCONFIGURED : away ? ExchangeFailure.UNREACHABLE : ExchangeFailure.REFUSED;
    }

    private void discard(ReceivedTokens received) {
        try {
            OptimisticRetry.again(() -> disconnection.discard(received));
        } catch (RuntimeException e) {
            // The reason that the token was not stored is thrown already.
            LOG.log(
                    Level.SEVERE,
                    "{0}: an issued token stays alive, since its revocation could not be queued: {1}",
                    new Object[] {received.connector(), e.getClass().getName()});
        }
    }

    private static ReceivedTokens unread(ReceivedCode code, TokenReply reply) {
        return new ReceivedTokens(
                code.connector().id(), code.subject(), null, code.asked(), reply.token(), reply.providerTokens());
    }

    private ReceivedTokens read(ClientRegistration client, ReceivedCode code, TokenReply reply, Instant sent) {
        // A token with an ID token that is not valid must not be used, not even to ask for the account.
        Optional<JsonObject> claims =
                idTokens.claims(client, reply.token(), client.expectsIdToken(code.asked()) ? code.nonce() : null);
        Secret token = reply.token().accessToken();
        Provider provider = client.provider();
        Scopes reported = provider.scopeDialect().source() == ScopeSource.PERMISSIONS_CALL
                ? api.permissions(client, token)
                : reply.token().scopes();
        Account account =
                reply.account().or(() -> account(client, token, claims)).orElse(null);
        Subject holder = code.subject() == null && account != null ? new Subject(account.id()) : code.subject();
        Duration passed = Duration.between(sent, clock.instant());
        return new ReceivedTokens(
                code.connector().id(),
                holder,
                account,
                code.asked(),
                reply.token()
                        .livingFor(provider.token().lifetime())
                        .with(provider.scopeDialect().readGranted(reported, code.asked()))
                        .after(passed),
                collectProviderTokens(client, reply, passed));
    }

    private Optional<Account> account(ClientRegistration client, Secret token, Optional<JsonObject> claims) {
        Optional<Account> told = client.provider().account().from() == AccountSource.ENDPOINT
                ? readAccount(client, token, claims)
                : Optional.empty();
        claims.ifPresent(known -> told.ifPresent(account -> IdTokens.checkSubject(client.provider(), known, account)));
        return told.or(() -> claims.map(known -> ProviderHttp.account(client.provider(), known)));
    }

    /** UserInfo refuses a token for an API; the ID token names the account then. */
    private Optional<Account> readAccount(ClientRegistration client, Secret token, Optional<JsonObject> claims) {
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

    /** Leaves secondary tokens out that cannot be listed: the next exchange brings them. */
    private List<ProviderToken> collectProviderTokens(ClientRegistration client, TokenReply reply, Duration passed) {
        var providerTokens = new ArrayList<ProviderToken>();
        reply.providerTokens().forEach(held -> providerTokens.add(held.after(passed)));
        try {
            providerTokens.addAll(api.listProviderTokens(client, reply.token().accessToken()));
        } catch (ProviderException e) {
            LOG.log(Level.WARNING, "{0}: secondary tokens are unknown: {1}", new Object[] {
                client.provider().id(), e.getMessage()
            });
        }
        return List.copyOf(providerTokens);
    }
}
