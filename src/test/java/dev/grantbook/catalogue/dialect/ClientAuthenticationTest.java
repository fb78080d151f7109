package dev.grantbook.catalogue.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.Loopback;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.PushedAuthorization;
import dev.grantbook.provider.TestKeys;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.client.ClientKey;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.client.Signatures;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.InjectedField;
import dev.grantbook.testing.TestClock;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client proves itself in the same way wherever a server asks who it is. */
class ClientAuthenticationTest {

    private static final String ISSUER = "https://sso.example/realm";
    private static final ClientKey KEY =
            ClientKey.read(new Secret(TestKeys.EC.toJSONString()), new TestClock(), new SecureRandom());

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TokenEndpoint exchange = new TokenEndpoint();
    private final ProviderApi api = new ProviderApi();
    private final PushedAuthorization pushed = new PushedAuthorization();
    private final Loopback server =
            Loopback.json(200, "{\"access_token\":\"t\",\"active\":true,\"request_uri\":\"urn:r:1\"}");

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        var http = TestHttp.with(configuration.settings());
        InjectedField.set(exchange, "http", http);
        InjectedField.set(api, "http", http);
        InjectedField.set(pushed, "http", http);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyEndpointIsShownTheSame(ClientAuthentication how) {
        askAll(client(how, ISSUER, ""));

        assertThat(server.requests())
                .extracting(request -> request.uri().getPath())
                .containsExactly("/token", "/introspect", "/revoke", "/par");
        for (Loopback.Request request : server.requests()) {
            var body = Parameters.parse(request.body());
            assertThat(request.authorization().startsWith("Basic ")).isEqualTo(how == ClientAuthentication.BASIC);
            assertThat(body.get("client_secret"))
                    .isEqualTo(how == ClientAuthentication.BODY ? TestProviders.CLIENT_SECRET.value() : null);
            assertThat(body.get("client_assertion") != null).isEqualTo(how == ClientAuthentication.PRIVATE_KEY_JWT);
            boolean named =
                    how != ClientAuthentication.BASIC || request.uri().getPath().equals("/par");
            assertThat(body.get("client_id")).isEqualTo(named ? TestProviders.CLIENT_ID : null);
            assertThat(body.isRepeated("client_id")).isFalse();
        }
    }

    @Test
    void anAssertionIsSignedForTheIssuerAndNeverTwice() throws Exception {
        askAll(client(ClientAuthentication.PRIVATE_KEY_JWT, ISSUER, ""));

        List<String> assertions = server.requests().stream()
                .map(request -> String.valueOf(Parameters.parse(request.body()).get("client_assertion")))
                .toList();
        assertThat(assertions).hasSize(4).doesNotHaveDuplicates();
        for (String assertion : assertions) {
            JWSObject signed = JWSObject.parse(assertion);
            assertThat(Signatures.fit(signed, JWKSet.parse(KEY.publicKeys().toString())))
                    .isTrue();
            assertThat(signed.getPayload().toJSONObject())
                    .containsEntry("aud", ISSUER)
                    .containsEntry("iss", TestProviders.CLIENT_ID)
                    .containsEntry("sub", TestProviders.CLIENT_ID);
        }
        assertThat(Parameters.parse(server.request().body()).get("client_assertion_type"))
                .isEqualTo("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }

    @Test
    void aServerWithoutAnIssuerIsMeantByItsTokenEndpoint() {
        assertThat(client(ClientAuthentication.PRIVATE_KEY_JWT, null, "").audience())
                .isEqualTo(server.address() + "/token");
    }

    @Test
    void aServerThatWantsItIsMeantByItsTokenEndpointToo() {
        assertThat(client(ClientAuthentication.PRIVATE_KEY_JWT, ISSUER, "\"assertion-audience\": \"token-endpoint\"")
                        .audience())
                .isEqualTo(server.address() + "/token");
    }

    @Test
    void neitherSecretNorKeyStandsInWhatARegistrationPrints() {
        assertThat(client(ClientAuthentication.BASIC, ISSUER, "").toString())
                .doesNotContain(
                        TestProviders.CLIENT_SECRET.value(), TestKeys.EC.getD().toString());
    }

    private void askAll(ClientRegistration client) {
        exchange.exchange(client, new Secret("c0de"), null);
        api.probe(client, new Secret("t0ken"));
        exchange.revoke(client, new Secret("t0ken"), "access_token");
        pushed.push(
                client, new Parameters().with("client_id", client.clientId()).with("state", "s"));
    }

    private ClientRegistration client(ClientAuthentication how, @Nullable String issuer, String token) {
        URI at = server.address();
        Provider provider = TestProviders.of("{\"id\": \"made\", \"name\": \"Made\", \"endpoints\": {\"token\": \"" + at
                        + "/token\", \"introspection\": \"" + at + "/introspect\", \"revocation\": \"" + at
                        + "/revoke\", \"pushed-authorization\": \"" + at
                        + "/par\"}, \"authorization\": {}, \"token\": {" + token
                        + "}, \"account\": {\"id\": \"/sub\", \"name\": \"/name\"},"
                        + "\"probe\": {\"how\": \"introspection\"}, \"scopes\": {}}")
                .withIssuer(issuer, false);
        return new ClientRegistration(
                provider,
                TestProviders.CLIENT_ID,
                TestProviders.CLIENT_SECRET,
                KEY,
                how,
                TestProviders.CALLBACK,
                Map.of(),
                Map.of());
    }
}
