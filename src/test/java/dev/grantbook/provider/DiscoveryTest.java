package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server is found by its issuer, and what it may say about itself. */
class DiscoveryTest {

    private static final String OPENID = "/realm/.well-known/openid-configuration";
    private static final String RFC8414 = "/.well-known/oauth-authorization-server/realm";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private final Discovery discovery = new Discovery();
    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private final Loopback server = Loopback.answering(exchange -> {
        String document = documents.get(exchange.getRequestURI().getPath());
        byte[] body = String.valueOf(document).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(document == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
    });
    private final String issuer = server.address() + "/realm";

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        discovery.http = TestHttp.with(configuration.settings());
        discovery.clock = clock;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anOpenIdServerIsFoundBehindItsIssuer() {
        documents.put(
                OPENID,
                document("\"userinfo_endpoint\":\"" + issuer + "/me\","
                        + "\"revocation_endpoint\":\"" + issuer + "/revoke\","
                        + "\"introspection_endpoint\":\"" + issuer + "/introspect\","
                        + "\"pushed_authorization_request_endpoint\":\"" + issuer + "/par\","
                        + "\"jwks_uri\":\"" + issuer + "/jwks\","
                        + "\"authorization_response_iss_parameter_supported\":true,"
                        + "\"id_token_signing_alg_values_supported\":[\"RS256\",\"ES256\"],"
                        + "\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]"));

        ServerMetadata found = discovery.server(issuer);

        assertThat(found.issuer()).isEqualTo(issuer);
        assertThat(found.endpoints())
                .containsOnly(
                        Map.entry("authorization", URI.create(issuer + "/authorize")),
                        Map.entry("token", URI.create(issuer + "/token")),
                        Map.entry("account", URI.create(issuer + "/me")),
                        Map.entry("revocation", URI.create(issuer + "/revoke")),
                        Map.entry("introspection", URI.create(issuer + "/introspect")),
                        Map.entry("pushed-authorization", URI.create(issuer + "/par")),
                        Map.entry("jwks", URI.create(issuer + "/jwks")));
        assertThat(found.issuerPromised()).isTrue();
        assertThat(found.idTokenAlgorithms()).containsExactlyInAnyOrder("RS256", "ES256");
        assertThat(found.clientAuthentications()).containsExactly("private_key_jwt");
    }

    @Test
    void anOAuthServerIsFoundWithItsPathBehindTheWellKnownName() {
        documents.put(RFC8414, document(""));

        ServerMetadata found = discovery.server(issuer);

        assertThat(found.endpoints()).containsOnlyKeys("authorization", "token");
        assertThat(found.issuerPromised()).isFalse();
        assertThat(found.clientAuthentications()).as("RFC 8414's default").containsExactly("client_secret_basic");
        assertThat(server.requests())
                .extracting(request -> request.uri().toString())
                .containsExactly(OPENID, RFC8414);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example/.well-known/openid-configuration, https://a.example/.well-known/oauth-authorization-server",
        "https://a.example/, https://a.example/.well-known/openid-configuration, https://a.example/.well-known/oauth-authorization-server",
        "https://a.example:8443/x/y, https://a.example:8443/x/y/.well-known/openid-configuration, https://a.example:8443/.well-known/oauth-authorization-server/x/y",
        "https://a.example/x/, https://a.example/x/.well-known/openid-configuration, https://a.example/.well-known/oauth-authorization-server/x"
    })
    void theDocumentHasTwoPlaces(String named, URI openId, URI rfc8414) {
        assertThat(Discovery.addresses(named)).containsExactly(openId, rfc8414);
    }

    static Stream<Arguments> unusable() {
        String sound = "\"authorization_endpoint\":\"https://192.0.2.1/a\",\"token_endpoint\":\"https://192.0.2.1/t\"";
        return Stream.of(
                arguments("{\"issuer\":\"ISSUER/\"," + sound + "}", "it is about another issuer, ISSUER/"),
                arguments(
                        "{\"issuer\":\"https://evil.example\"," + sound + "}",
                        "it is about another issuer, https://evil.example"),
                arguments("{\"issuer\":7," + sound + "}", "it names no issuer"),
                arguments("{" + sound + "}", "it names no issuer"),
                arguments("{}", "it names no issuer"),
                arguments("{\"issuer\":\"ISSUER\"}", "authorization_endpoint or token_endpoint is missing"),
                arguments(
                        "{\"issuer\":\"ISSUER\",\"authorization_endpoint\":\"https://192.0.2.1/a\"}",
                        "authorization_endpoint or token_endpoint is missing"),
                arguments(
                        "{\"issuer\":\"ISSUER\"," + sound.replace("https://192.0.2.1/t", "http://192.0.2.1/t") + "}",
                        "token_endpoint is not an https address"),
                arguments(
                        "{\"issuer\":\"ISSUER\"," + sound.replace("https://192.0.2.1/a", "javascript:alert(1)") + "}",
                        "authorization_endpoint is not an https address"),
                arguments(
                        "{\"issuer\":\"ISSUER\"," + sound.replace("https://192.0.2.1/a", "https://192.0.2.1/#a") + "}",
                        "authorization_endpoint is not an https address"),
                arguments(
                        "{\"issuer\":\"ISSUER\"," + sound.replace("https://192.0.2.1/a", "https://x y/") + "}",
                        "authorization_endpoint is no address"),
                arguments(
                        "{\"issuer\":\"ISSUER\"," + sound + ",\"jwks_uri\":\"https://10.1.2.3/jwks\"}",
                        "names a bad jwks: 10.1.2.3 is on a private network"),
                arguments(
                        "{\"issuer\":\"ISSUER\"," + sound.replace("192.0.2.1/t", "169.254.169.254/t") + "}",
                        "names a bad token: 169.254.169.254 is on a private network"),
                arguments("[]", "no JSON object"),
                arguments("<html>", "no JSON object"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    @DisplayName("2.9 What cannot be right is not used, and the message names address and reason")
    void aDocumentThatCannotBeRightIsNotUsed(String document, String why) {
        documents.put(RFC8414, document.replace("ISSUER", issuer));

        assertThat(failure(issuer))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessageContaining(issuer + "/.well-known/openid-configuration: HTTP 404; ")
                .hasMessageContaining(server.address() + RFC8414 + ": ")
                .hasMessageContaining(why.replace("ISSUER", issuer));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    @DisplayName("2.9 What is no metadata of this issuer is passed over, and RFC 8414's address is asked")
    void theOtherAddressIsAskedToo(String document, String why) {
        documents.put(OPENID, document.replace("ISSUER", issuer));
        documents.put(RFC8414, document(""));

        assertThat(discovery.server(issuer).endpoints()).as(why).containsOnlyKeys("authorization", "token");
    }

    @Test
    @DisplayName("2.9 What failed is not kept")
    void failedMetadataIsNotKept() {
        documents.put(OPENID, "<html>");
        failure(issuer);
        documents.put(OPENID, document(""));

        assertThat(discovery.server(issuer).endpoints()).containsKey("token");
    }

    @Test
    @DisplayName("2.9 Metadata whose endpoints fail is read anew, once a minute at most")
    void doubtedMetadataIsReadAnew() {
        documents.put(OPENID, document(""));
        discovery.server(issuer);
        documents.put(OPENID, document("\"userinfo_endpoint\":\"" + issuer + "/me\""));

        discovery.doubt(issuer);
        assertThat(discovery.server(issuer).endpoints()).doesNotContainKey("account");
        clock.advance(Discovery.SHORTEST_AGE);
        assertThat(discovery.server(issuer).endpoints()).as("nobody doubts it").doesNotContainKey("account");
        discovery.doubt(issuer);
        assertThat(discovery.server(issuer).endpoints()).containsKey("account");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aServerThatSaysNothingIsNamed() {
        assertThat(failure(issuer))
                .returns(FailureKind.MALFORMED, ProviderException::kind)
                .hasMessage(issuer + " does not say where its endpoints are: " + server.address() + OPENID
                        + ": HTTP 404; " + server.address() + RFC8414 + ": HTTP 404");
    }

    @Test
    void anIssuerOnAPrivateNetworkIsNotAsked() {
        assertThat(failure("https://10.1.2.3/realm"))
                .returns(FailureKind.UNREACHABLE, ProviderException::kind)
                .hasMessageContaining("private network");
    }

    @Test
    void aServerThatIsDownMayComeBack() throws IOException {
        assertThat(failure(Loopback.nobody() + "/realm").kind()).isEqualTo(FailureKind.UNREACHABLE);
        assertThat(failure(issuer).kind()).isEqualTo(FailureKind.MALFORMED);

        documents.put(OPENID, document(""));
        assertThat(discovery.server(issuer).issuer()).isEqualTo(issuer);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void aServerInTroubleIsUnreachable(int status) {
        try (var broken = Loopback.json(status, document(""))) {
            assertThat(failure(broken.address().toString()).kind()).isEqualTo(FailureKind.UNREACHABLE);
            assertThat(broken.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307})
    void redirectsAreNotFollowed(int status) {
        documents.put(OPENID, document(""));
        try (var elsewhere = Loopback.answering(exchange -> {
            exchange.getResponseHeaders().add("Location", issuer + "/.well-known/openid-configuration");
            exchange.sendResponseHeaders(status, -1);
        })) {
            assertThat(failure(elsewhere.address().toString()).kind()).isEqualTo(FailureKind.MALFORMED);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void whatWasReadIsKeptForAnHour() {
        documents.put(OPENID, document(""));
        discovery.server(issuer);
        documents.put(OPENID, document("\"userinfo_endpoint\":\"" + issuer + "/me\""));

        clock.advance(Discovery.LONGEST_AGE.minusMillis(1));
        assertThat(discovery.server(issuer).endpoints()).doesNotContainKey("account");
        assertThat(server.requests()).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(discovery.server(issuer).endpoints()).containsKey("account");
    }

    private String document(String more) {
        return "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + issuer + "/authorize\","
                + "\"token_endpoint\":\"" + issuer + "/token\"" + (more.isEmpty() ? "" : ",") + more + "}";
    }

    private ProviderException failure(String of) {
        return catchThrowableOfType(ProviderException.class, () -> discovery.server(of));
    }
}
