package dev.grantbook.authorization;

import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.attempt.Attempts;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.IdTokens;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.revocation.Disconnection;
import dev.grantbook.testing.TestClock;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Code exchanges without a server. */
public final class TestCodeExchange {

    private TestCodeExchange() {}

    /** A reply with a token, and the account {@code a-1}. */
    public static TokenReply reply(String accessToken) {
        var token = new TokenResponse(new Secret(accessToken), "Bearer", null, null, null, null);
        return new TokenReply(token, Optional.of(new Account("a-1", "Alice", null)), List.of());
    }

    /**
     * @param endpoint what the token endpoint replies
     * @param discarded receives the access tokens that are discarded
     */
    public static AuthorizationCodeExchange of(Supplier<TokenReply> endpoint, List<String> discarded) {
        var exchange = new AuthorizationCodeExchange();
        exchange.connectors = new Connectors() {
            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(connector.provider());
            }
        };
        exchange.exchange = new TokenEndpoint() {
            @Override
            public TokenReply exchange(ClientRegistration client, Secret code, @Nullable Secret verifier) {
                return endpoint.get();
            }
        };
        exchange.idTokens = new IdTokens() {
            @Override
            public Optional<JsonObject> claims(
                    ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
                return Optional.empty();
            }
        };
        exchange.api = new ProviderApi() {
            @Override
            public List<ProviderToken> listProviderTokens(ClientRegistration client, Secret accessToken) {
                return List.of();
            }
        };
        exchange.disconnection = new Disconnection() {
            @Override
            public void discard(ReceivedTokens received) {
                discarded.add(received.token().accessToken().value());
            }
        };
        exchange.clock = new TestClock();
        return exchange;
    }

    /** Asks the connectors of a test for the servers that answer. */
    public static AuthorizationCodeExchange asking(Connectors connectors) {
        var exchange = new AuthorizationCodeExchange();
        exchange.connectors = connectors;
        return exchange;
    }

    /** A flow for callbacks, without a budget of its network. */
    public static AuthorizationFlow flow(Connectors connectors, Attempts attempts, AuthorizationCodeExchange exchange) {
        var flow = new AuthorizationFlow();
        flow.connectors = connectors;
        flow.attempts = attempts;
        flow.exchange = exchange;
        flow.anonymous = new AnonymousBudget() {
            @Override
            public void spend() {
                // Nobody counts here.
            }
        };
        return flow;
    }
}
