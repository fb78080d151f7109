package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Disconnection;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.IdTokens;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of tokens when something breaks after the exchange. */
class BrokenExchangeTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @Test
    @DisplayName("5.2 Whatever breaks after an exchange, no live token is left behind")
    void whateverBreaksTheTokenIsGivenUp() {
        Connector connector = TestConnectors.ledgerBot(
                TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow());
        List<String> discarded = new ArrayList<>();
        var redemption = new AuthorizationCodeExchange();
        redemption.connectors = new Connectors() {
            @Override
            public ClientRegistration registration(Connector of) {
                return TestProviders.bot(of.provider());
            }
        };
        redemption.exchange = new TokenEndpoint() {
            @Override
            public TokenReply exchange(ClientRegistration client, Secret code, @Nullable Secret verifier) {
                var token = new TokenResponse(new Secret("live"), "Bearer", null, null, null, null);
                return new TokenReply(token, Optional.empty(), List.of());
            }
        };
        redemption.idTokens = new IdTokens() {
            @Override
            public Optional<JsonObject> claims(
                    ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
                throw new IllegalStateException("as the test wants");
            }
        };
        redemption.disconnection = new Disconnection() {
            @Override
            public void discard(Grants.Received received) {
                discarded.add(received.token().accessToken().value());
            }
        };
        redemption.clock = new TestClock();

        assertThatIllegalStateException()
                .isThrownBy(() -> redemption.redeem(connector, "alice", new Secret("code"), null, null, Scopes.NONE));

        assertThat(discarded).containsExactly("live");
    }
}
