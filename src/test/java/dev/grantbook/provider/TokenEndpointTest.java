package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.TokenEndpoint.RevocationReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Counts;
import dev.grantbook.testing.TestClock;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token exchange against real servers on loopback: whatever they answer, it ends, and it ends in words. */
@Timeout(60)
class TokenEndpointTest {

    private static final Secret CODE = new Secret("c0de+with=signs");
    private static final Secret VERIFIER = new Secret("MomLx8G8mb7mMBFfrkfZdBUfjFa0M801bC0ZOdaL-7w");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @RegisterExtension
    final Counts counts = new Counts();

    private final TestClock clock = new TestClock();
    private final TokenEndpoint exchange = new TokenEndpoint();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        exchange.http = TestHttp.with(configuration.settings());
        exchange.clock = clock;
    }

    // What we send

    @Test
    void mixinGetsExactlyItsOwnJson() {
        try (var server = Loopback.json(200, mixin("\"access_token\":\"t\",\"scope\":\"PROFILE:READ\""))) {
            ask("mixin", server.address());

            assertThat(server.request().method()).isEqualTo("POST");
            assertThat(server.request().uri()).hasToString("/token");
            assertThat(server.request().contentType()).isEqualTo("application/json");
            assertThat(server.request().authorization()).isEqualTo("null");
            assertThat(server.request().body())
                    .isEqualTo("{\"code\":\"c0de+with=signs\","
                            + "\"code_verifier\":\"MomLx8G8mb7mMBFfrkfZdBUfjFa0M801bC0ZOdaL-7w\","
                            + "\"client_id\":\"bot:1 a\",\"client_secret\":\"s3cr3t +&=:%/ä\"}");
        }
    }

    @Test
    void aStandardServerGetsTheFormOfTheRfc() {
        try (var server = Loopback.json(200, "{\"access_token\":\"t\"}")) {
            ask("oauth2", server.address());

            assertThat(server.request().method()).isEqualTo("POST");
            assertThat(server.request().uri()).hasToString("/token");
            assertThat(server.request().accept()).isEqualTo("application/json");
            assertThat(server.request().contentType()).isEqualTo("application/x-www-form-urlencoded");
            assertThat(server.request().body())
                    .isEqualTo("grant_type=authorization_code"
                            + "&redirect_uri=https%3A%2F%2Fgrantbook.example%2Foauth%2Fcallback%2Fbot"
                            + "&code=c0de%2Bwith%3Dsigns&code_verifier=MomLx8G8mb7mMBFfrkfZdBUfjFa0M801bC0ZOdaL-7w");
        }
    }

    @Test
    void basicCredentialsAreFormEncodedFirst() {
        try (var server = Loopback.json(200, "{\"access_token\":\"t\"}")) {
            ask("oauth2", server.address());

            String header = server.request().authorization();
            assertThat(header).startsWith("Basic ");
            assertThat(new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8))
                    .isEqualTo("bot%3A1+a:s3cr3t+%2B%26%3D%3A%25%2F%C3%A4");
            assertThat(server.request().body()).doesNotContain("s3cr3t", "client_id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixin", "oauth2"})
    void noSecretEverStandsInAUrl(String provider) {
        try (var server = Loopback.json(200, "{\"data\":{\"access_token\":\"t\"},\"access_token\":\"t\"}")) {
            ask(provider, server.address());
            exchange.revoke(
                    TestProviders.bot(TestProviders.at(server.address(), provider)),
                    new Secret("t0ken"),
                    "access_token");

            assertThat(server.requests())
                    .hasSize(2)
                    .allSatisfy(
                            request -> assertThat(request.uri().getRawQuery()).isNull());
            assertThat(server.requests().get(1).body()).contains("t0ken");
        }
    }

    // What comes back and is understood

    static Stream<Arguments> tokens() {
        return Stream.of(
                arguments("", null, null),
                arguments(",\"token_type\":\"bearer\"", null, null),
                arguments(",\"token_type\":\"BEARER\"", null, null),
                arguments(",\"token_type\":null", null, null),
                arguments(",\"expires_in\":3600", 3600L, null),
                arguments(",\"expires_in\":3600.9", 3600L, null),
                arguments(",\"expires_in\":\"3600\"", 3600L, null),
                arguments(",\"expires_in\":\" 3600 \"", 3600L, null),
                arguments(",\"expires_in\":0", null, null),
                arguments(",\"expires_in\":0.5", null, null),
                arguments(",\"expires_in\":-1", null, null),
                arguments(",\"expires_in\":99999999999999999999", null, null),
                arguments(",\"expires_in\":1e400", null, null),
                arguments(",\"expires_in\":1e-400", null, null),
                arguments(",\"expires_in\":\"1e999999999\"", null, null),
                arguments(",\"expires_in\":\"1e-999999999\"", null, null),
                arguments(",\"expires_in\":\"soon\"", null, null),
                arguments(",\"expires_in\":\"\"", null, null),
                arguments(",\"expires_in\":null", null, null),
                arguments(",\"expires_in\":{}", null, null),
                arguments(",\"expires_in\":true", null, null),
                arguments(",\"scope\":\"a b\"", null, "a b"),
                arguments(",\"scope\":\"b a\"", null, "b a"),
                arguments(",\"scope\":\"a a b a\"", null, "a b"),
                arguments(",\"scope\":\"  a   b \"", null, "a b"),
                arguments(",\"scope\":\"a b c\"", null, "a b c"),
                arguments(",\"scope\":\"\"", null, ""),
                arguments(",\"scope\":[\"a\",\"b\",\"a\"]", null, "a b"),
                arguments(",\"scope\":[]", null, ""),
                arguments(",\"scope\":null", null, null),
                arguments(",\"scope\":7", null, null));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void understandsEveryUsableReply(String more, @Nullable Long seconds, @Nullable String scopes) {
        for (String provider : List.of("mixin", "oauth2")) {
            String token = "{\"access_token\":\"t\"" + more + "}";
            String body = provider.equals("mixin") ? "{\"data\":" + token + "}" : token;
            try (var server = Loopback.json(200, body)) {
                TokenResponse response = ask(provider, server.address());

                assertThat(response.accessToken()).isEqualTo(new Secret("t"));
                assertThat(response.tokenType()).isEqualTo("Bearer");
                assertThat(response.refreshToken()).isNull();
                assertThat(response.expiresIn()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
                assertThat(response.scopes()).isEqualTo(scopes == null ? null : Scopes.parse(scopes, ' '));
            }
        }
    }

    @Test
    void keepsTheOrderOfTheScopes() {
        try (var server = Loopback.json(200, "{\"access_token\":\"t\",\"scope\":\"c a b\"}")) {
            assertThat(ask("oauth2", server.address()).scopes()).hasToString("c a b");
        }
    }

    @Test
    void keepsARefreshToken() {
        try (var server = Loopback.json(200, "{\"access_token\":\"t\",\"refresh_token\":\"r\"}")) {
            assertThat(ask("oauth2", server.address()).refreshToken()).isEqualTo(new Secret("r"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "text/plain; charset=utf-8", "application/octet-stream"})
    void readsJsonWhateverItIsCalled(String type) {
        try (var server = Loopback.answering(200, type, "{\"access_token\":\"t\"}")) {
            assertThat(ask("oauth2", server.address()).accessToken()).isEqualTo(new Secret("t"));
        }
    }

    // What comes back and is refused

    static Stream<Arguments> refusals() {
        String mixinError = "{\"error\":{\"status\":202,\"code\":10002,\"description\":\"Invalid field.\"}}";
        return Stream.of(
                arguments("mixin", 202, mixinError, FailureKind.REFUSED, "10002: Invalid field."),
                arguments("mixin", 200, mixinError, FailureKind.REFUSED, "10002: Invalid field."),
                arguments("mixin", 500, "{\"error\":{\"code\":7000}}", FailureKind.UNREACHABLE, "7000"),
                arguments("mixin", 202, "{\"error\":{}}", FailureKind.MALFORMED, "no object at /data"),
                arguments("mixin", 200, "{\"data\":null}", FailureKind.MALFORMED, "no object at /data"),
                arguments("mixin", 200, "{\"data\":[]}", FailureKind.MALFORMED, "no object at /data"),
                arguments("mixin", 200, "{\"access_token\":\"t\"}", FailureKind.MALFORMED, "no object at /data"),
                arguments(
                        "oauth2",
                        400,
                        "{\"error\":\"invalid_grant\",\"error_description\":\"used\\r\\n<b>\"}",
                        FailureKind.REFUSED,
                        "invalid_grant: used <b>"),
                arguments("oauth2", 401, "{\"error\":\"invalid_client\"}", FailureKind.REFUSED, "invalid_client"),
                arguments("oauth2", 200, "{\"error\":\"invalid_grant\"}", FailureKind.REFUSED, "invalid_grant"),
                arguments("oauth2", 200, "{\"error\":\"x\",\"access_token\":\"t\"}", FailureKind.REFUSED, "x"),
                arguments("oauth2", 404, "{}", FailureKind.REFUSED, "http_404"),
                arguments("oauth2", 500, "{\"error\":\"server_error\"}", FailureKind.UNREACHABLE, "server_error"),
                arguments("oauth2", 503, "<html>sorry</html>", FailureKind.UNREACHABLE, "HTTP 503"),
                arguments("oauth2", 200, "<html>sign in</html>", FailureKind.MALFORMED, "no JSON object"),
                arguments("oauth2", 200, "access_token=t&expires=1", FailureKind.MALFORMED, "no JSON object"),
                arguments("oauth2", 200, "", FailureKind.MALFORMED, "no JSON object"),
                arguments("oauth2", 200, "[]", FailureKind.MALFORMED, "no JSON object"),
                arguments("oauth2", 200, "\"t\"", FailureKind.MALFORMED, "no JSON object"),
                arguments("oauth2", 200, "{\"access_token\":\"t\"", FailureKind.MALFORMED, "no JSON object"),
                arguments("oauth2", 200, "{\"a\":".repeat(5000), FailureKind.MALFORMED, "no JSON object"),
                arguments(
                        "oauth2",
                        200,
                        "{\"expires_in\":" + "9".repeat(5000) + "}",
                        FailureKind.MALFORMED,
                        "JSON object"),
                arguments("oauth2", 200, "{}", FailureKind.MALFORMED, "access_token is missing"),
                arguments("oauth2", 200, "{\"access_token\":\"\"}", FailureKind.MALFORMED, "access_token is missing"),
                arguments("oauth2", 200, "{\"access_token\":7}", FailureKind.MALFORMED, "access_token is missing"),
                arguments(
                        "oauth2",
                        200,
                        "{\"access_token\":\"" + "t".repeat(16 * 1024 + 1) + "\"}",
                        FailureKind.MALFORMED,
                        "longer than 16384"),
                arguments(
                        "oauth2",
                        200,
                        "{\"access_token\":\"t\",\"refresh_token\":\"" + "t".repeat(16 * 1024 + 1) + "\"}",
                        FailureKind.MALFORMED,
                        "refresh_token is longer"),
                arguments("oauth2", 200, token("\"token_type\":\"mac\""), FailureKind.MALFORMED, "token_type"),
                arguments("oauth2", 200, token("\"token_type\":\"\""), FailureKind.MALFORMED, "token_type"),
                arguments("oauth2", 200, token("\"scope\":\"a \\\"b\\\"\""), FailureKind.MALFORMED, "scope"),
                arguments("oauth2", 200, token("\"scope\":\"a\\u0000b\""), FailureKind.MALFORMED, "scope"),
                arguments("oauth2", 200, token("\"scope\":[\"a b\"]"), FailureKind.MALFORMED, "scope"),
                arguments("oauth2", 200, token("\"scope\":[\"\"]"), FailureKind.MALFORMED, "scope"),
                arguments("oauth2", 200, token("\"scope\":[1]"), FailureKind.MALFORMED, "scope"),
                arguments(
                        "oauth2", 200, token("\"scope\":\"" + "a".repeat(256) + "\""), FailureKind.MALFORMED, "scope"),
                arguments("oauth2", 200, token("\"scope\":\"" + manyScopes() + "\""), FailureKind.MALFORMED, "scope"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void saysWhyAReplyCannotBeUsed(String provider, int status, String body, FailureKind kind, String message) {
        try (var server = Loopback.json(status, body)) {
            assertThat(failure(provider, server.address()))
                    .returns(kind, ProviderException::kind)
                    .extracting(ProviderException::getMessage)
                    .asString()
                    .contains(message)
                    .hasSizeLessThan(500)
                    .matches("[ -~]+")
                    .doesNotContain("\"t\"", "s3cr3t", "c0de", VERIFIER.value());
        }
    }

    static Stream<Arguments> unusable() {
        String bot =
                "{\"ok\":true,\"access_token\":\"t\",\"token_type\":\"bot\",\"authed_user\":{\"access_token\":\"u\"}}";
        return Stream.of(
                arguments("oauth2", token("\"scope\":[1],\"refresh_token\":\"r\""), "r", 0),
                arguments("oauth2", token("\"token_type\":\"mac\",\"refresh_token\":\"r\""), "r", 0),
                arguments("oauth2", token("\"refresh_token\":\"" + "r".repeat(16 * 1024 + 1) + "\""), null, 0),
                arguments("slack", bot, null, 1));
    }

    @ParameterizedTest
    @DisplayName("10.A2 Tokens of a reply whose account, scopes or type cannot be read are not lost")
    @MethodSource("unusable")
    void tokensOfAReplyThatCannotBeUsedComeWithTheException(
            String provider, String body, @Nullable String refreshToken, int providerTokens) {
        try (var server = Loopback.json(200, body)) {
            TokenReply issued = catchThrowableOfType(
                            UnusableReplyException.class, () -> ask(provider, server.address()))
                    .issued();

            assertThat(issued.token().accessToken()).isEqualTo(new Secret("t"));
            assertThat(issued.token().refreshToken()).isEqualTo(refreshToken == null ? null : new Secret(refreshToken));
            assertThat(issued.providerTokens()).hasSize(providerTokens);
        }
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void doesNotFollowRedirects(int status) {
        try (var thief = Loopback.json(200, "{\"access_token\":\"t\"}");
                var server = Loopback.answering(exchange -> {
                    exchange.getResponseHeaders().add("Location", thief.address() + "/token");
                    exchange.sendResponseHeaders(status, -1);
                })) {
            assertThat(failure("oauth2", server.address()).kind()).isEqualTo(FailureKind.MALFORMED);
            assertThat(thief.requests()).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void whatIsRefusedIsNotRepeated() {
        String echo =
                "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid authorization code: c0de+with=signs\"}";
        try (var server = Loopback.json(400, echo)) {
            assertThat(failure("oauth2", server.address()))
                    .hasMessage("the token endpoint says invalid_grant: Invalid authorization code: ***");
        }
    }

    static Stream<Arguments> quotes() {
        Function<Loopback.Request, String> body = Loopback.Request::body;
        Function<Loopback.Request, String> decoded =
                request -> URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
        Function<Loopback.Request, String> credentials = Loopback.Request::authorization;
        return Stream.of(
                arguments("the body", body), arguments("the decoded body", decoded), arguments("Basic", credentials));
    }

    @ParameterizedTest(name = "4.2 A server that quotes {0} in every member leaves no part of a secret in the message")
    @MethodSource("quotes")
    void noPartOfASecretIsRepeated(String what, Function<Loopback.Request, String> quoted) {
        try (var server = new Quoting(quoted).start()) {
            ClientRegistration client = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));
            Secret token = new Secret("r3fresh/" + "Qk7+x".repeat(9));

            for (Runnable call : List.<Runnable>of(
                    () -> exchange.exchange(client, CODE, VERIFIER),
                    () -> exchange.refresh(
                            client, token, client.provider().token().parts().get(0)),
                    () -> exchange.revoke(client, token, "refresh_token"))) {
                ProviderException failure = catchThrowableOfType(ProviderException.class, call::run);
                String message = String.valueOf(failure.getMessage());
                assertThat(message).contains("says", "***");
                assertThat(failure.getCause()).isNull();
                for (Secret secret : List.of(CODE, VERIFIER, token, TestProviders.CLIENT_SECRET)) {
                    assertThat(parts(secret.value())).noneMatch(message::contains);
                    assertThat(parts(URLEncoder.encode(secret.value(), StandardCharsets.UTF_8)))
                            .noneMatch(message::contains);
                }
                // Behind the client's id.
                server.requests()
                        .forEach(request -> assertThat(
                                        parts(request.authorization().substring(22)))
                                .noneMatch(message::contains));
            }
        }
    }

    @Test
    @DisplayName("4.2 A server that quotes the code in a broken status line leaves no part of it in the message")
    void noPartOfASecretIsInABrokenReply() {
        Secret code = new Secret("Qk7xQk7xQk7xQk7xQk7x");
        try (var server = Loopback.talking(socket -> {
            socket.getOutputStream()
                    .write(("HTTP/1.1 bad code " + code.value() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        })) {
            ClientRegistration client = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));
            ProviderException failure =
                    catchThrowableOfType(ProviderException.class, () -> exchange.exchange(client, code, VERIFIER));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
            for (Throwable each = failure; each != null; each = each.getCause()) {
                assertThat(parts(code.value())).noneMatch(String.valueOf(each.getMessage())::contains);
            }
        }
    }

    private static List<String> parts(String secret) {
        return IntStream.rangeClosed(0, Math.max(0, secret.length() - 12))
                .mapToObj(at -> secret.substring(at, Math.min(secret.length(), at + 12)))
                .toList();
    }

    /** Answers each request with a refusal that quotes it. */
    private record Quoting(Function<Loopback.Request, String> quoted) {

        Loopback start() {
            var self = new CompletableFuture<Loopback>();
            Loopback server = Loopback.answering(exchange -> {
                List<Loopback.Request> all = self.join().requests();
                String quote = quoted.apply(all.get(all.size() - 1));
                byte[] body = jakarta.json.Json.createObjectBuilder()
                        .add("error", "invalid_request " + quote)
                        .add("error_description", "cannot read " + quote)
                        .add("error_uri", "https://as.example/?" + quote)
                        .build()
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(400, body.length);
                exchange.getResponseBody().write(body);
            });
            self.complete(server);
            return server;
        }
    }

    // What does not come back at all

    @Test
    void refusedConnection() throws Exception {
        assertThat(failure("oauth2", Loopback.nobody()).kind()).isEqualTo(FailureKind.UNREACHABLE);
    }

    @Test
    void aServerThatIsSlowButDoesAnswer() {
        try (var server = Loopback.answering(Loopback.dripping(4096, 50))) {
            assertThat(failure("oauth2", server.address()).kind()).isEqualTo(FailureKind.MALFORMED);
        }
    }

    @Test
    void aServerThatTakesTheConnectionAndHangs() {
        exchange.http = TestHttp.with(
                configuration.with("grantbook.provider.timeout", "PT0.7S").settings());
        try (var server =
                Loopback.talking(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
            assertThat(failure("oauth2", server.address()))
                    .returns(FailureKind.UNREACHABLE, ProviderException::kind)
                    .hasMessage("the token endpoint: 127.0.0.1 did not answer within PT0.7S");
        }
    }

    @Test
    void aServerThatDripsForEver() {
        exchange.http = TestHttp.with(
                configuration.with("grantbook.provider.timeout", "PT0.7S").settings());
        try (var server = Loopback.answering(Loopback.dripping(0, 20))) {
            assertThat(failure("oauth2", server.address()))
                    .returns(FailureKind.UNREACHABLE, ProviderException::kind)
                    .hasMessage("the token endpoint: 127.0.0.1 did not answer within PT0.7S");
        }
    }

    @Test
    void tenMebibytes() {
        try (var server = Loopback.answering(Loopback.dripping(10 * 1024 * 1024, 0))) {
            assertThat(failure("oauth2", server.address()))
                    .returns(FailureKind.UNREACHABLE, ProviderException::kind)
                    .hasMessageContaining("larger than 1048576 bytes");
        }
    }

    @Test
    void resetInTheMiddleOfTheBody() {
        try (var server = Loopback.talking(socket -> {
            socket.getInputStream().read();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.setSoLinger(true, 0);
        })) {
            assertThat(failure("oauth2", server.address()).kind()).isEqualTo(FailureKind.UNREACHABLE);
        }
    }

    @Test
    void somethingThatIsNotHttp() {
        try (var server = Loopback.talking(socket -> {
            socket.getInputStream().read();
            socket.getOutputStream().write("220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertThat(failure("oauth2", server.address()).kind()).isEqualTo(FailureKind.UNREACHABLE);
        }
    }

    // Being left alone

    @ParameterizedTest
    @DisplayName("2.15 Retry-After of a token endpoint is heeded for all that is refreshed there, up to a limit")
    @CsvSource({
        "429, 120, PT2M",
        "503, 120, PT2M",
        "429, 86400, PT1H",
        "429, '', PT0S",
        "429, soon, PT0S",
        "400, 120, PT0S"
    })
    void aTokenEndpointThatAsksForItIsLeftAlone(int status, String wish, Duration pause) {
        try (var server = Loopback.answering(http -> {
            http.getResponseHeaders().add("Retry-After", wish);
            byte[] body = "{\"error\":\"slow_down\"}".getBytes(StandardCharsets.US_ASCII);
            http.sendResponseHeaders(status, body.length);
            http.getResponseBody().write(body);
        })) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));
            // Another connector of another descriptor, at the same server.
            var other = TestProviders.bot(TestProviders.at(server.address(), "zoom"));
            Instant until = pause.isZero() ? null : clock.instant().plus(pause);

            assertThat(refused(bot)).returns(until, ProviderException::retryAt);
            assertThat(refused(other)).returns(until, ProviderException::retryAt);
            assertThat(server.requests()).hasSize(pause.isZero() ? 2 : 1);

            clock.advance(pause);
            refused(other);
            assertThat(server.requests()).as("the pause is over").hasSize(pause.isZero() ? 3 : 2);
        }
    }

    @Test
    @DisplayName("2.15 The code of a user who waits is shown during a pause all the same")
    void theCodeOfAUserWhoWaitsIsShownAllTheSame() {
        try (var server = Loopback.answering(http -> {
            http.getResponseHeaders().add("Retry-After", "60");
            http.sendResponseHeaders(503, -1);
        })) {
            refused(TestProviders.bot(TestProviders.at(server.address(), "oauth2")));

            assertThat(failure("oauth2", server.address()).kind()).isEqualTo(FailureKind.UNREACHABLE);
            assertThat(server.requests()).hasSize(2);
        }
    }

    private ProviderException refused(ClientRegistration bot) {
        return catchThrowableOfType(
                ProviderException.class, () -> exchange.refresh(bot, new Secret("r3fresh"), TokenPart.WHOLE));
    }

    // Giving a token up

    @Test
    void revocationTellsTheProviderTheToken() {
        try (var server = Loopback.json(200, "")) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));

            assertThat(exchange.revoke(bot, new Secret("t0ken"), "access_token"))
                    .isEqualTo(RevocationReply.AGREED);
            assertThat(server.request().uri()).hasToString("/revoke");
            assertThat(server.request().body()).isEqualTo("token=t0ken&token_type_hint=access_token");
            assertThat(counts.of("revocations", "provider", "oauth2", "outcome", "done"))
                    .isEqualTo(1);
        }
    }

    @Test
    void revocationNeedsAnEndpoint() {
        Provider mixin =
                TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow();

        assertThat(exchange.revoke(TestProviders.bot(mixin), new Secret("t0ken"), "access_token"))
                .isEqualTo(RevocationReply.NO_WAY);
        assertThat(counts.of("revocations", "provider", "mixin", "outcome", "impossible"))
                .isEqualTo(1);
    }

    @Test
    void aTokenThatHasEndedBeforeNeedsNoRevocation() {
        try (var server = Loopback.json(400, "{\"error\":\"invalid_token\"}")) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "google"));

            assertThat(exchange.revoke(bot, new Secret("t0ken"), "refresh_token"))
                    .isEqualTo(RevocationReply.DEAD_BEFORE);
        }
    }

    @Test
    @DisplayName(
            "2.17 GitHub is told of an access token, never of a refresh token in its place; one that is not there is dead")
    void gitHubIsToldOfAnAccessToken() {
        try (var server = Loopback.json(404, "{\"message\":\"Not Found\"}")) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "github"));

            assertThat(exchange.revoke(bot, new Secret("r3fresh"), "refresh_token"))
                    .isEqualTo(RevocationReply.NO_WAY);
            assertThat(server.requests()).isEmpty();
            assertThat(exchange.revoke(bot, new Secret("t0ken"), "access_token"))
                    .isEqualTo(RevocationReply.DEAD_BEFORE);
        }
    }

    @Test
    void someProvidersEndOneKindOfTokenOnly() {
        try (var server = Loopback.json(400, "{\"error\":\"unsupported_token_type\"}")) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));

            assertThat(exchange.revoke(bot, new Secret("t0ken"), "access_token"))
                    .as("RFC 7009 section 2.2.1")
                    .isEqualTo(RevocationReply.NO_WAY);
        }
    }

    @Test
    void revocationThatTheProviderRefusesIsAnError() {
        try (var server = Loopback.json(503, "")) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), "oauth2"));

            assertThat(catchThrowableOfType(
                            ProviderException.class, () -> exchange.revoke(bot, new Secret("t0ken"), "access_token")))
                    .hasMessageContaining("503")
                    .hasMessageNotContainingAny("t0ken");
            assertThat(counts.of("revocations", "provider", "oauth2", "outcome", "failed"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "oauth2 | 429 | ''                                      | UNREACHABLE",
                "slack  | 200 | {\"ok\":false,\"error\":\"ratelimited\"} | UNREACHABLE",
                "oauth2 | 503 | ''                                      | UNREACHABLE",
                "oauth2 | 400 | {\"error\":\"invalid_client\"}          | REFUSED"
            })
    void whoeverHasHeardTooMuchIsToldLater(String provider, int status, String body, FailureKind kind) {
        try (var server = Loopback.json(status, body)) {
            var bot = TestProviders.bot(TestProviders.at(server.address(), provider));

            assertThat(catchThrowableOfType(
                            ProviderException.class, () -> exchange.revoke(bot, new Secret("t0ken"), "access_token")))
                    .returns(kind, ProviderException::kind);
        }
    }

    private TokenResponse ask(String provider, URI server) {
        return exchange.exchange(TestProviders.bot(TestProviders.at(server, provider)), CODE, VERIFIER)
                .token();
    }

    private ProviderException failure(String provider, URI server) {
        return catchThrowableOfType(ProviderException.class, () -> ask(provider, server));
    }

    private static String mixin(String fields) {
        return "{\"data\":{" + fields + "}}";
    }

    private static String token(String field) {
        return "{\"access_token\":\"t\"," + field + "}";
    }

    /** Each of a sound length, and more of them than any provider has. */
    private static String manyScopes() {
        var all = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            all.append(" scope:").append(i);
        }
        return all.toString();
    }
}
