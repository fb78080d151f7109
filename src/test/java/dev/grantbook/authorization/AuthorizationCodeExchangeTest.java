package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeFailure;
import dev.grantbook.authorization.AuthorizationCodeExchange.ExchangeResult;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.provider.IdTokens;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.provider.TokenReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.revocation.Disconnection;
import dev.grantbook.testing.Configuration;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a code is exchanged for, and that no issued token is left alive that is not stored. */
class AuthorizationCodeExchangeTest {

    private static final Scopes ASKED = Scopes.of("openid", "mail");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final List<String> discarded = new ArrayList<>();
    private String provider = "oauth2";
    private String declaration = TestConnectors.LEDGER_BOT;

    // Whose a token is when UserInfo will not say

    @Test
    @DisplayName("2.8 UserInfo's refusal does not end an attempt whose ID token was believed")
    void theIdTokenNamesTheAccount() {
        provider = "oidc";
        JsonObject claims =
                Json.createObjectBuilder().add("sub", "ann").add("name", "Ann").build();

        assertThat(store(refusedByUserInfo(Optional.of(claims), FailureKind.REFUSED)))
                .isEqualTo(new ExchangeResult.Exchanged<>(new Account("ann", "Ann", null)));
        assertThat(discarded).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("2.8 Any other trouble of UserInfo still ends it")
    @CsvSource({"UNREACHABLE, UNREACHABLE", "MALFORMED, REFUSED", "REFRESH_REFUSED, REFUSED"})
    void otherTroubleEndsTheAttempt(FailureKind kind, ExchangeFailure reason) {
        provider = "oidc";
        Optional<JsonObject> claims =
                Optional.of(Json.createObjectBuilder().add("sub", "ann").build());

        assertThat(store(refusedByUserInfo(claims, kind))).isEqualTo(new ExchangeResult.NotExchanged<>(reason));
        assertThat(discarded).containsExactly("live");
    }

    @Test
    @DisplayName("2.8 Without an ID token, or where it names accounts in another way, a refusal ends it")
    void aRefusalEndsAnAttemptWithoutAnIdTokenThatNamesTheAccount() {
        assertThat(store(refusedByUserInfo(Optional.empty(), FailureKind.REFUSED)))
                .isEqualTo(new ExchangeResult.NotExchanged<>(ExchangeFailure.REFUSED));
        provider = "entra";
        Optional<JsonObject> claims =
                Optional.of(Json.createObjectBuilder().add("sub", "ann").build());
        assertThat(store(refusedByUserInfo(claims, FailureKind.REFUSED)))
                .isEqualTo(new ExchangeResult.NotExchanged<>(ExchangeFailure.REFUSED));
    }

    private AuthorizationCodeExchange refusedByUserInfo(Optional<JsonObject> claims, FailureKind refusal) {
        var exchange = replying(new TokenReply(TestCodeExchange.reply("live").token(), Optional.empty(), List.of()));
        exchange.idTokens = new IdTokens() {
            @Override
            public Optional<JsonObject> claims(
                    ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
                return claims;
            }
        };
        exchange.api = new ProviderApi() {
            @Override
            public Optional<Account> account(ClientRegistration client, Secret accessToken) {
                throw new ProviderException(refusal, "the account endpoint says invalid_token");
            }

            @Override
            public List<ProviderToken> listProviderTokens(ClientRegistration client, Secret accessToken) {
                return List.of();
            }
        };
        return exchange;
    }

    // Discard unless stored

    @Test
    void whatIsStoredIsKept() {
        assertThat(store(replying(TestCodeExchange.reply("live"))))
                .isEqualTo(new ExchangeResult.Exchanged<>(new Account("a-1", "Alice", null)));
        assertThat(discarded).isEmpty();
    }

    @Test
    @DisplayName("10.A2 Tokens that came in a reply that cannot be used are discarded")
    void tokensOfAReplyThatCannotBeUsedAreDiscarded() {
        AuthorizationCodeExchange exchange = TestCodeExchange.of(
                () -> {
                    throw TestProviders.unusable(TestCodeExchange.reply("live"));
                },
                discarded);

        assertThat(store(exchange)).isEqualTo(new ExchangeResult.NotExchanged<>(ExchangeFailure.REFUSED));
        assertThat(discarded).containsExactly("live");
    }

    @Test
    @DisplayName("5.2 Whatever breaks after an exchange, no live token is left behind")
    void whateverBreaksTheTokenIsDiscarded() {
        AuthorizationCodeExchange exchange = replying(TestCodeExchange.reply("live"));
        exchange.idTokens = new IdTokens() {
            @Override
            public Optional<JsonObject> claims(
                    ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
                throw new IllegalStateException("as the test wants");
            }
        };

        assertThatIllegalStateException().isThrownBy(() -> store(exchange));
        assertThat(discarded).containsExactly("live");
    }

    @ParameterizedTest
    @DisplayName("10.A2 The account must be the named one, or the subject where the connector demands that")
    @CsvSource({"none, a-1, true", "none, a-2, false", "subject, , false", "subject, a-1, true"})
    void aTokenOfAnotherAccountIsDiscarded(String confirmation, @Nullable String named, boolean stored) {
        declaration = declaration.replaceFirst("\\{", "{\"confirmation\": \"" + confirmation + "\", ");
        AuthorizationCodeExchange exchange = replying(TestCodeExchange.reply("live"));

        ExchangeResult<Account> result = exchange.exchange(code(named), AuthorizationCodeExchangeTest::account);

        if (stored) {
            assertThat(result).isInstanceOf(ExchangeResult.Exchanged.class);
            assertThat(discarded).isEmpty();
        } else {
            assertThat(result).isEqualTo(new ExchangeResult.NotExchanged<>(ExchangeFailure.WRONG_ACCOUNT));
            assertThat(discarded).containsExactly("live");
        }
    }

    @Test
    @DisplayName("10.A2 A token whose attempt or conversation was erased meanwhile is discarded")
    void aTokenOfWhatWasErasedIsDiscarded() {
        assertThat(replying(TestCodeExchange.reply("live")).exchange(code(null), received -> Optional.empty()))
                .isEqualTo(new ExchangeResult.NotExchanged<>(ExchangeFailure.ERASED));
        assertThat(discarded).containsExactly("live");
    }

    @Test
    @DisplayName("10.A2 A token that cannot be stored is discarded")
    void aTokenThatCannotBeStoredIsDiscarded() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> replying(TestCodeExchange.reply("live"))
                        .exchange(code(null), AuthorizationCodeExchangeTest::notStored));
        assertThat(discarded).containsExactly("live");
    }

    @Test
    @DisplayName("10.A2 What kept a token from being stored is thrown, also when it cannot be discarded")
    void theFirstFailureIsThrown() {
        AuthorizationCodeExchange exchange = replying(TestCodeExchange.reply("live"));
        exchange.disconnection = new Disconnection() {
            @Override
            public void discard(ReceivedTokens received) {
                throw new ConfigurationException("as the test wants");
            }
        };

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> exchange.exchange(code(null), AuthorizationCodeExchangeTest::notStored));
    }

    // What went wrong before a token was issued

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void whatTheTokenEndpointRefusesHasIssuedNothing(FailureKind kind) {
        AuthorizationCodeExchange exchange = TestCodeExchange.of(
                () -> {
                    throw new ProviderException(kind, "the token endpoint says invalid_grant");
                },
                discarded);

        assertThat(store(exchange))
                .isEqualTo(new ExchangeResult.NotExchanged<>(
                        kind == FailureKind.UNREACHABLE ? ExchangeFailure.UNREACHABLE : ExchangeFailure.REFUSED));
        assertThat(discarded).isEmpty();
    }

    @Test
    void aMissingSecretUsesNoCode() {
        AuthorizationCodeExchange exchange = TestCodeExchange.asking(new Connectors() {
            @Override
            public ClientRegistration registration(Connector connector) {
                throw new ConfigurationException("the client secret is missing");
            }
        });

        assertThat(store(exchange)).isEqualTo(new ExchangeResult.NotExchanged<>(ExchangeFailure.MISCONFIGURED));
    }

    // Which server answered (RFC 9207)

    @ParameterizedTest(name = "iss {0}, promised {1}")
    @DisplayName("10.A2 A response must name its server where iss is present or promised, whatever it says")
    @CsvSource({
        "https://sso.example, true, true",
        "https://sso.example, false, true",
        "https://other.example, true, false",
        "https://other.example, false, false",
        ", true, false",
        ", false, true"
    })
    void aResponseMustBeItsServersOwn(@Nullable String issuer, boolean promised, boolean own) {
        var state = new Secret("state");
        AuthorizationCodeExchange exchange = TestCodeExchange.asking(new Connectors() {
            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(connector.provider().withIssuer("https://sso.example", promised));
            }
        });
        Optional<ExchangeFailure> expected = own ? Optional.empty() : Optional.of(ExchangeFailure.REFUSED);

        assertThat(exchange.check(connector(), new AuthorizationResponse.Granted(state, issuer, new Secret("code"))))
                .isEqualTo(expected);
        assertThat(exchange.check(
                        connector(), new AuthorizationResponse.Denied(state, issuer, new OAuthError("x", null))))
                .isEqualTo(expected);
    }

    private AuthorizationCodeExchange replying(TokenReply reply) {
        return TestCodeExchange.of(() -> reply, discarded);
    }

    private ExchangeResult<Account> store(AuthorizationCodeExchange exchange) {
        return exchange.exchange(code(null), AuthorizationCodeExchangeTest::account);
    }

    private AuthorizationCodeExchange.ReceivedCode code(@Nullable String accountId) {
        return new AuthorizationCodeExchange.ReceivedCode(
                connector(), new Subject("subject"), accountId, new Secret("code"), null, null, ASKED, null);
    }

    private Connector connector() {
        return TestConnectors.of(
                declaration,
                TestProviders.catalogue(configuration.settings()).find(provider).orElseThrow());
    }

    private static Optional<Account> account(ReceivedTokens received) {
        return Optional.ofNullable(received.account());
    }

    /** Fails as only the caller can put right, so that nothing is tried again. */
    private static Optional<Account> notStored(ReceivedTokens received) {
        throw Problem.of(409, "full", "as the test wants").exception();
    }
}
