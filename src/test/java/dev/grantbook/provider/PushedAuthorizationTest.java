package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.client.ClientKey;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the browser carries when the server takes the request from us (RFC 9126), and what happens when it does not. */
class PushedAuthorizationTest {

    private static final ClientKey KEY =
            ClientKey.read(new Secret(TestKeys.EC.toJSONString()), new TestClock(), new SecureRandom());

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final PushedAuthorization pushed = new PushedAuthorization();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        pushed.http = TestHttp.with(configuration.settings());
    }

    @Test
    void theBrowserCarriesOnlyAReference() {
        try (var server = Loopback.json(201, "{\"request_uri\":\"urn:x:42\",\"expires_in\":60}")) {
            Parameters carried = pushed.push(clientAt(server.address()), request());

            assertThat(carried.encoded()).isEqualTo("client_id=bot%3A1%20a&request_uri=urn%3Ax%3A42");
            assertThat(server.request().method()).isEqualTo("POST");
            assertThat(server.request().contentType()).isEqualTo("application/x-www-form-urlencoded");
            assertThat(server.request().body()).isEqualTo(request().encoded());
            assertThat(server.request().authorization()).startsWith("Basic ");
        }
    }

    @Test
    void withoutSuchAnEndpointTheBrowserCarriesTheRequest() {
        Parameters request = request();

        assertThat(pushed.push(TestProviders.bot(provider()), request)).isSameAs(request);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(400, "{\"error\":\"invalid_request\"}", FailureKind.REFUSED, "invalid_request"),
                arguments(401, "{\"error\":\"invalid_client\"}", FailureKind.REFUSED, "invalid_client"),
                arguments(403, "{}", FailureKind.REFUSED, "http_403"),
                arguments(503, "{\"error\":\"x\"}", FailureKind.UNREACHABLE, "says x"),
                arguments(502, "<html>", FailureKind.UNREACHABLE, "no JSON object"),
                arguments(201, "<html>", FailureKind.MALFORMED, "no JSON object"),
                arguments(201, "{}", FailureKind.MALFORMED, "no request_uri"),
                arguments(201, "{\"request_uri\":\"\"}", FailureKind.MALFORMED, "no request_uri"),
                arguments(201, "{\"request_uri\":7}", FailureKind.MALFORMED, "no request_uri"),
                arguments(
                        201,
                        "{\"request_uri\":\"" + "x".repeat(2001) + "\"}",
                        FailureKind.MALFORMED,
                        "no request_uri"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aServerThatDoesNotTakeItEndsTheTrip(int status, String body, FailureKind kind, String why) {
        try (var server = Loopback.json(status, body)) {
            assertThat(failure(server.address()))
                    .returns(kind, ProviderException::kind)
                    .hasMessageContaining(why)
                    .hasMessageNotContainingAny("st4te", TestProviders.CLIENT_SECRET.value());
        }
    }

    @Test
    @DisplayName("4.2 A server that quotes the pushed request leaves no part of its secrets in the message")
    void whatIsPushedIsNotRepeated() {
        String nonce = "Qk7xQk7xQk7x_Qk7xQk7x";
        String quote = "state=st4te&nonce=" + nonce + "&redirect_uri=https://x.example ";
        String body = "{\"error\":\"" + quote + "\",\"error_description\":\"" + quote.repeat(3) + "\"}";
        try (var server = Loopback.json(400, body)) {
            Parameters request = request().with("nonce", nonce);
            var failure = catchThrowableOfType(
                    ProviderException.class, () -> pushed.push(clientAt(server.address()), request));

            assertThat(failure)
                    .hasMessageContaining("redirect_uri=https://x.example")
                    .hasMessageNotContainingAny("st4te", nonce.substring(0, 12), nonce.substring(9));
        }
    }

    @ParameterizedTest
    @DisplayName("2.18 Pushed requests that are announced and not served fall back to the plain request")
    @ValueSource(ints = {404, 405, 501})
    void announcedAndNotServedMeansThePlainRequest(int status) {
        for (String body : List.of("<html>", "", "{\"error\":\"not_found\"}")) {
            try (var server = Loopback.json(status, body)) {
                Parameters request = request();

                assertThat(pushed.push(clientAt(server.address()), request)).isSameAs(request);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "2.18 What shows the server who the client is never comes into the request that the browser carries instead")
    void theBrowserNeverCarriesWhatAuthenticatesTheClient(ClientAuthentication how) {
        try (var server = Loopback.json(404, "")) {
            ClientRegistration bot = clientAt(server.address());
            boolean signs = how == ClientAuthentication.PRIVATE_KEY_JWT;
            var client = new ClientRegistration(
                    bot.provider(),
                    bot.clientId(),
                    how.needsSecret() ? bot.clientSecret() : null,
                    signs ? KEY : null,
                    how,
                    bot.redirectUri(),
                    Map.of(),
                    Map.of());

            assertThat(pushed.push(client, request()).encoded())
                    .isEqualTo(request().encoded());
            assertThat(server.request().body().contains("client_secret=")).isEqualTo(how == ClientAuthentication.BODY);
            assertThat(server.request().body().contains("client_assertion=")).isEqualTo(signs);
        }
    }

    @Test
    @DisplayName("2.18 A connector that switches pushed requests off sends none")
    void switchedOffNothingIsPushed() {
        try (var server = Loopback.json(201, "{\"request_uri\":\"urn:x:42\"}")) {
            ClientRegistration client = clientAt(server.address());
            Parameters request = request();
            var plain = client.with(client.provider().withoutPushedAuthorization(), client.authentication());

            assertThat(pushed.push(plain, request)).isSameAs(request);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aServerThatDoesNotAnswerEndsTheTrip() throws IOException {
        assertThat(failure(Loopback.nobody()).kind()).isEqualTo(FailureKind.UNREACHABLE);
    }

    private ProviderException failure(URI server) {
        return catchThrowableOfType(ProviderException.class, () -> pushed.push(clientAt(server), request()));
    }

    private static Parameters request() {
        return new Parameters()
                .with("client_id", TestProviders.CLIENT_ID)
                .with("scope", "openid mail")
                .with("state", "st4te");
    }

    private static Provider provider() {
        return TestProviders.of("{\"id\": \"made\", \"name\": \"Made\", \"endpoints\": {}, \"authorization\": {},"
                + "\"token\": {}, \"account\": {\"id\": \"/sub\", \"name\": \"/name\"}, \"scopes\": {}}");
    }

    private static ClientRegistration clientAt(URI server) {
        return TestProviders.bot(
                provider().with(provider().endpoints().with(Map.of("pushed-authorization", server + "/par"))));
    }
}
