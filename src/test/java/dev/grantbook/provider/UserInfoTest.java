package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What UserInfo may answer (OpenID Connect Core 1.0 section 5.3), and what its refusal says about a token. */
class UserInfoTest {

    private static final Secret OPAQUE = new Secret("t0ken");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private final ProviderApi api = new ProviderApi();

    /** By path: status, type and body. */
    private final Map<String, List<String>> answers = new ConcurrentHashMap<>();

    private final Loopback server = Loopback.answering(exchange -> {
        List<String> answer =
                answers.getOrDefault(exchange.getRequestURI().getPath(), List.of("404", "text/plain", "no"));
        byte[] body = answer.get(2).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", answer.get(1));
        exchange.sendResponseHeaders(Integer.parseInt(answer.get(0)), body.length);
        exchange.getResponseBody().write(body);
    });
    private final String issuer = server.address().toString();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        api.http = TestHttp.with(configuration.settings());
        var keySets = new KeySets();
        keySets.http = api.http;
        keySets.clock = clock;
        api.idTokens = new IdTokens();
        api.idTokens.keySets = keySets;
        api.idTokens.settings = configuration.settings();
        api.idTokens.clock = clock;
        answers.put("/jwks", List.of("200", "application/json", TestKeys.published(TestKeys.RSA)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @DisplayName("2.8 UserInfo that is a JWT is read")
    @CsvSource({"application/jwt", "application/jwt;charset=utf-8", "application/octet-stream"})
    void aSignedReplyIsRead(String type) {
        userInfo(type, signed(claims()));

        assertThat(api.account(client(Map.of()), OPAQUE)).contains(new Account("ann", "Ann", null));
    }

    @Test
    @DisplayName("2.8 A JWT that names neither issuer nor audience is read: it is signed (Core 5.3.2)")
    void issuerAndAudienceMayBeAbsent() {
        userInfo("application/jwt", signed(Json.createObjectBuilder().add("sub", "ann")));

        assertThat(api.account(client(Map.of()), OPAQUE)).contains(new Account("ann", null, null));
    }

    @Test
    @DisplayName("2.8 A JWT that must not be believed is refused for its reason")
    void aReplyThatCannotBeBelievedIsRefused() throws Exception {
        assertRefused(
                TestKeys.signed("RS256", TestKeys.OTHER_RSA, claims().build()).value(), "does not fit any key");
        assertRefused(signed(claims().add("iss", "https://evil.example")), "iss is another server's");
        assertRefused(signed(claims().add("aud", "another")), "aud is not this client");
        assertRefused(
                signed(claims().add("exp", clock.instant().minusSeconds(3600).getEpochSecond())), "it has expired");
        String plain = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.";
        assertRefused(plain, "it is not signed");
        var encrypted = new EncryptedJWT(
                new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM),
                new JWTClaimsSet.Builder().subject("ann").build());
        encrypted.encrypt(new RSAEncrypter(TestKeys.RSA));
        assertRefused(encrypted.serialize(), "it is encrypted, which is not supported");
    }

    private void assertRefused(String jwt, String why) {
        userInfo("application/jwt", jwt);
        assertThat(catchThrowableOfType(ProviderException.class, () -> api.account(client(Map.of()), OPAQUE)))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessageStartingWith("the account endpoint's reply cannot be believed: ")
                .hasMessageContaining(why);
    }

    @Test
    @DisplayName("2.8 A 401 for a token of another audience says nothing about the token")
    void aTokenForAnApiIsNotDead() {
        answers.put("/me", List.of("401", "application/json", "{\"error\":\"invalid_token\"}"));
        Secret forApi = token("https://api.example/");

        for (var probed : List.of(
                api.probe(client(Map.of()), forApi),
                api.probe(client(Map.of("audience", "https://api.example/")), OPAQUE),
                api.probe(client(Map.of("resource", "https://api.example/")), OPAQUE))) {
            assertThat(probed.isDead()).isFalse();
            assertThat(probed.outcome()).isEqualTo("unknown");
        }
    }

    @Test
    @DisplayName("2.8 Introspection is asked instead, where there is that")
    void introspectionTellsOfATokenForAnApi() {
        answers.put("/me", List.of("401", "application/json", "{}"));
        answers.put("/introspect", List.of("200", "application/json", "{\"active\":false}"));
        ClientRegistration client = client(Map.of(), "introspection");

        assertThat(api.probe(client, token("https://api.example/")).isDead()).isTrue();

        answers.put("/introspect", List.of("200", "application/json", "{\"active\":true}"));
        assertThat(api.probe(client, token("https://api.example/")).failure()).isNull();
    }

    @Test
    @DisplayName("2.8 A 401 for a token that UserInfo takes is a dead token")
    void aTokenForUsIsDead() {
        answers.put("/me", List.of("401", "application/json", "{}"));

        for (Secret token : List.of(
                OPAQUE, token("account"), token(issuer), token(issuer + "/me"), token(TestProviders.CLIENT_ID))) {
            assertThat(api.probe(client(Map.of()), token).isDead()).isTrue();
        }
    }

    private void userInfo(String type, String body) {
        answers.put("/me", List.of("200", type, body));
    }

    private JsonObjectBuilder claims() {
        return Json.createObjectBuilder()
                .add("sub", "ann")
                .add("name", "Ann")
                .add("iss", issuer)
                .add("aud", TestProviders.CLIENT_ID);
    }

    private static String signed(JsonObjectBuilder claims) {
        return TestKeys.signed("RS256", TestKeys.RSA, claims.build()).value();
    }

    private Secret token(String audience) {
        return new Secret(signed(Json.createObjectBuilder().add("iss", issuer).add("aud", audience)));
    }

    private ClientRegistration client(Map<String, String> parameters, String... more) {
        var endpoints = new HashMap<>(Map.of(
                "authorization", issuer + "/authorize",
                "token", issuer + "/token",
                "account", issuer + "/me",
                "jwks", issuer + "/jwks"));
        for (String name : more) {
            endpoints.put(name, URI.create(issuer) + "/introspect");
        }
        Provider oidc = TestProviders.at(server.address(), "oidc").withIssuer(issuer, false);
        ClientRegistration usual = TestProviders.bot(oidc.with(oidc.endpoints().with(endpoints)));
        return new ClientRegistration(
                usual.provider(),
                usual.clientId(),
                usual.clientSecret(),
                null,
                usual.authentication(),
                usual.redirectUri(),
                parameters,
                Map.of());
    }
}
