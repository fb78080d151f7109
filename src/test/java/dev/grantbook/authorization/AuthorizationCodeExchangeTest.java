package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.catalogue.Account;
import dev.grantbook.catalogue.ProviderToken;
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
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderException;
import dev.grantbook.provider.ProviderException.FailureKind;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose a token is when UserInfo will not say. */
class AuthorizationCodeExchangeTest {

    private static final Scopes ASKED = Scopes.of("openid", "mail");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final List<String> discarded = new ArrayList<>();

    @Test
    @DisplayName("2.8 UserInfo's refusal does not end a trip whose ID token was believed")
    void theIdTokenSaysWhoseItIs() {
        JsonObject claims =
                Json.createObjectBuilder().add("sub", "ann").add("name", "Ann").build();

        Grants.Received received = redeem("oidc", Optional.of(claims), FailureKind.REFUSED);

        assertThat(received.account()).isEqualTo(new Account("ann", "Ann", null));
        assertThat(discarded).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("2.8 Any other trouble of UserInfo still ends it")
    @EnumSource(value = FailureKind.class, names = "REFUSED", mode = EnumSource.Mode.EXCLUDE)
    void otherTroubleEndsTheTrip(FailureKind kind) {
        Optional<JsonObject> claims =
                Optional.of(Json.createObjectBuilder().add("sub", "ann").build());

        assertThat(catchThrowableOfType(ProviderException.class, () -> redeem("oidc", claims, kind)))
                .returns(kind, ProviderException::kind);
        assertThat(discarded).containsExactly("t0ken");
    }

    @Test
    @DisplayName("2.8 Without an ID token, or where it names accounts in another way, a refusal ends it")
    void aRefusalEndsATripWithoutAnIdTokenThatNamesTheAccount() {
        assertThat(catchThrowableOfType(
                        ProviderException.class, () -> redeem("oauth2", Optional.empty(), FailureKind.REFUSED)))
                .returns(FailureKind.REFUSED, ProviderException::kind);
        Optional<JsonObject> claims =
                Optional.of(Json.createObjectBuilder().add("sub", "ann").build());
        assertThat(catchThrowableOfType(ProviderException.class, () -> redeem("entra", claims, FailureKind.REFUSED)))
                .returns(FailureKind.REFUSED, ProviderException::kind);
    }

    private Grants.Received redeem(String provider, Optional<JsonObject> claims, FailureKind refusal) {
        var redemption = new AuthorizationCodeExchange();
        redemption.connectors = new Connectors() {
            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(connector.provider());
            }
        };
        redemption.exchange = new TokenEndpoint() {
            @Override
            public TokenReply exchange(ClientRegistration client, Secret code, @Nullable Secret verifier) {
                return new TokenReply(
                        new TokenResponse(new Secret("t0ken"), "Bearer", null, null, null, null),
                        Optional.empty(),
                        List.of());
            }
        };
        redemption.idTokens = new IdTokens() {
            @Override
            public Optional<JsonObject> claims(
                    ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
                return claims;
            }
        };
        redemption.api = new ProviderApi() {
            @Override
            public Optional<Account> account(ClientRegistration client, Secret accessToken) {
                throw new ProviderException(refusal, "the account end point says invalid_token");
            }

            @Override
            public List<ProviderToken> holdings(ClientRegistration client, Secret accessToken) {
                return List.of();
            }
        };
        redemption.disconnection = new Disconnection() {
            @Override
            public void discard(Grants.Received received) {
                discarded.add(received.token().accessToken().value());
            }
        };
        redemption.clock = new TestClock();
        Connector connector = TestConnectors.ledgerBot(
                TestProviders.catalogue(configuration.settings()).find(provider).orElseThrow());
        return redemption.redeem(connector, "subject", new Secret("code"), null, null, ASKED);
    }
}
