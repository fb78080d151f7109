package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.http.OutboundHttp.Bounds;
import dev.grantbook.platform.http.OutboundHttp.Upload;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.provider.TokenEndpoint.RevocationReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.client.SigningKey;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Counts;
import dev.grantbook.testing.TestClock;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mixin with keys: what the token request carries, what a grant gets, and what each call bears. */
@Timeout(60)
class SignedCallsTest {

    private static final Secret CODE = new Secret("c0de");

    private static final String BOUND = """
            {"data":{"ed25519":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","scope":"PROFILE:READ ASSETS:READ",\
            "authorization_id":"0fbe9a47-7f3f-4a3b-a4a4-2d6e7bf7c001","user_id":"u-1","full_name":"Alice"}}""";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @RegisterExtension
    final Counts counts = new Counts();

    private final TokenEndpoint exchange = new TokenEndpoint();
    private final ProviderApi api = new ProviderApi();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        exchange.http = TestHttp.with(configuration.settings());
        exchange.random = new SecureRandom();
        api.http = exchange.http;
        api.clock = new TestClock();
    }

    @Test
    @DisplayName(
            "2.20 The token request carries a public key, another one each time, and the grant gets no access token")
    void theTokenRequestCarriesAPublicKey() {
        try (var server = Loopback.json(200, BOUND)) {
            TokenResponse token = grant(server);
            grant(server);

            List<String> sent = server.requests().stream()
                    .map(request -> json(request.body()).getString("ed25519"))
                    .toList();
            assertThat(sent)
                    .hasSize(2)
                    .doesNotHaveDuplicates()
                    .allSatisfy(key ->
                            assertThat(Base64.getUrlDecoder().decode(key)).hasSize(32));
            assertThat(token.tokenType()).isEqualTo(SigningKey.TOKEN_TYPE);
            assertThat(token.scopes()).isEqualTo(Scopes.of("PROFILE:READ", "ASSETS:READ"));
            assertThat(token.refreshToken()).isNull();
            JsonObject kept = json(token.accessToken().value());
            assertThat(kept.getString("x")).isEqualTo(sent.get(0));
            assertThat(server.requests().toString()).doesNotContain(kept.getString("d"));
        }
    }

    @Test
    @DisplayName("2.20 Questions about the account and probes are signed, over the path that the API sees")
    void ourOwnQuestionsAreSigned() {
        try (var server = Loopback.json(200, BOUND)) {
            Secret key = grant(server).accessToken();

            api.account(bot(server), key);
            assertThat(api.probe(bot(server), key).isDead()).isFalse();

            var asked = server.requests().subList(1, 3);
            assertThat(asked).allSatisfy(request -> {
                assertThat(request.uri()).hasToString("/me");
                assertThat(claims(request).getString("aid")).isEqualTo("0fbe9a47-7f3f-4a3b-a4a4-2d6e7bf7c001");
                assertThat(claims(request).getString("sig")).isEqualTo(new Secret("GET/me").hash());
            });
            assertThat(claims(asked.get(0)).getString("jti"))
                    .isNotEqualTo(claims(asked.get(1)).getString("jti"));
        }
    }

    @Test
    @DisplayName("2.20 A call of a bot is signed over method, path with query and body, whatever it brought along")
    void aCallOfABotIsSigned() throws Exception {
        try (var server = Loopback.json(200, BOUND)) {
            Secret key = grant(server).accessToken();
            String body = "[\"ü\"]";

            pass(server, key, "POST", server.address() + "/users/fetch?a=1%2F2", body.getBytes(StandardCharsets.UTF_8));

            Loopback.Request request = server.requests().get(1);
            assertThat(request.body()).isEqualTo(body);
            assertThat(claims(request).getString("sig"))
                    .isEqualTo(new Secret("POST/users/fetch?a=1%2F2" + body).hash());
            assertThat(claims(request).getString("jti")).isNotEqualTo("the-bots-own");
        }
    }

    @Test
    @DisplayName("3.4 What is withheld of the reply to a signed call is the signature that it was sent with")
    void theSignatureOfACallIsWithheld() throws Exception {
        try (var server = Loopback.json(200, BOUND)) {
            Secret key = grant(server).accessToken();

            Secret shown = pass(server, key, "GET", server.address() + "/me", null);

            assertThat(server.requests().get(1).authorization()).isEqualTo("Bearer " + shown.value());
        }
    }

    @Test
    @DisplayName("2.20 A body that is too large to be signed is refused before anything is sent")
    void aBodyThatIsTooLargeIsRefused() {
        try (var server = Loopback.json(200, BOUND)) {
            Secret key = grant(server).accessToken();

            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> pass(
                            server, key, "POST", server.address() + "/x", new byte[ProviderApi.LARGEST_SIGNED + 1]))
                    .satisfies(problem -> assertThat(problem.problem().status()).isEqualTo(413));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    @DisplayName("2.20 A signing key is shown to no revocation endpoint")
    void aKeyIsShownToNoRevocationEndpoint() {
        try (var server = Loopback.json(200, BOUND)) {
            Secret key = grant(server).accessToken();

            assertThat(exchange.revoke(bot(server), key, "access_token")).isEqualTo(RevocationReply.NO_WAY);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    @DisplayName("2.20 The path that is signed begins behind the API's own address")
    void thePathBeginsBehindTheApisAddress() {
        Provider mixin = TestProviders.of("""
                {"id":"x","name":"X","endpoints":{},"api":["https://api.example/v2","https://api.example"],\
                "authorization":{},"token":{},"account":{"id":"/id","name":"/name"},"scopes":{}}""");

        assertThat(mixin.endpoints().apiPath(URI.create("https://api.example/v2/me?x=1%202")))
                .isEqualTo("/me?x=1%202");
        assertThat(mixin.endpoints().apiPath(URI.create("https://api.example/me")))
                .isEqualTo("/me");
        assertThat(mixin.endpoints().apiPath(URI.create("https://other.example/v2/me?x")))
                .isEqualTo("/v2/me?x");
    }

    private TokenResponse grant(Loopback server) {
        return exchange.exchange(bot(server), CODE, null).token();
    }

    private Secret pass(Loopback server, Secret key, String method, String target, byte @Nullable [] body)
            throws Exception {
        Upload upload = body == null ? null : new Upload(new ByteArrayInputStream(body), body.length);
        var call = new ProviderApi.ProxyCall(
                method, URI.create(target), Map.of("X-Request-Id", List.of("the-bots-own")), upload);
        var passed = api.pass(bot(server), key, call, new Bounds(Duration.ofSeconds(30), 8L * 1024 * 1024));
        passed.reply().body().close();
        return passed.shown();
    }

    private static ClientRegistration bot(Loopback server) {
        return TestProviders.bot(TestProviders.at(server.address(), "mixin").with(Presentation.ED25519_JWT));
    }

    private static JsonObject claims(Loopback.Request request) {
        String payload = request.authorization().split("\\.", -1)[1];
        return json(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    }

    private static JsonObject json(String text) {
        return Json.readObject(text);
    }
}
