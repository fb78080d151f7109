package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.TokenEndpoint.RevocationReply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reply may look like on its way and at its edges, at every endpoint. */
class RepliesTest {

    private static final Secret TOKEN = new Secret("t0ken");
    private static final Secret CODE = new Secret("c0de");
    private static final String TOKEN_REPLY = "{\"access_token\":\"new\",\"refresh_token\":\"rotated\"}";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TokenEndpoint exchange = new TokenEndpoint();
    private final ProviderApi api = new ProviderApi();
    private final PushedAuthorization pushed = new PushedAuthorization();
    private final Discovery discovery = new Discovery();
    private final KeySets keySets = new KeySets();
    private final List<String> accepted = new CopyOnWriteArrayList<>();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        var http = TestHttp.with(configuration.settings());
        exchange.http = http;
        api.http = http;
        pushed.http = http;
        discovery.http = http;
        discovery.clock = new TestClock();
        keySets.http = http;
        keySets.clock = discovery.clock;
    }

    @Test
    @DisplayName("2.6 Gzip is asked for and decoded at every endpoint")
    void gzipIsDecodedEverywhere() {
        try (var server = zipped("gzip", TOKEN_REPLY)) {
            ClientRegistration bot = bot(server, "{}");
            assertThat(exchange.exchange(bot, CODE, null).token().accessToken().value())
                    .isEqualTo("new");
            assertThat(exchange.refresh(bot, TOKEN, TokenPart.WHOLE).refreshToken())
                    .isEqualTo(new Secret("rotated"));
        }
        try (var server = zipped("gzip", "{\"ok\":false,\"error\":\"token_revoked\"}")) {
            ClientRegistration bot = bot(server, """
                    {"token": {"failure": "ok-false"},
                     "failures": [{"at": "/error", "in": ["token_revoked"], "means": "dead"}],
                     "revocation": {"authentication": "bearer"}}""");
            assertThat(exchange.revoke(bot, TOKEN, "access_token")).isEqualTo(RevocationReply.DEAD_BEFORE);
            assertThat(api.probe(bot, TOKEN).isDead()).isTrue();
        }
        try (var server =
                zipped("gzip", "{\"id\":\"7\",\"name\":\"Ann 王\",\"data\":[{\"p\":\"mail\",\"s\":\"yes\"}]}")) {
            ClientRegistration bot = bot(server, """
                    {"permissions": {"list": "/data", "scope": "/p", "status": "/s", "granted": "yes"},
                     "secondary-tokens": {"kind": "page", "list": "/data", "id": "/p", "name": "/p", "token": "/s"}}""");
            assertThat(api.account(bot, TOKEN)).contains(new Account("7", "Ann 王", null));
            assertThat(api.permissions(bot, TOKEN)).isEqualTo(Scopes.of("mail"));
            assertThat(api.listProviderTokens(bot, TOKEN))
                    .extracting(ProviderToken::id)
                    .containsExactly("mail");
        }
        try (var server = zipped("gzip", "{\"active\":true,\"scope\":\"mail\"}")) {
            assertThat(api.probe(bot(server, "{\"probe\": {\"how\": \"introspection\"}}"), TOKEN)
                            .scopes())
                    .isEqualTo(Scopes.of("mail"));
            assertThat(api.probe(
                                    bot(
                                            server,
                                            "{\"probe\": {\"how\": \"verification\", \"valid\": \"/active\", \"scopes\": \"/scope\"}}"),
                                    TOKEN)
                            .scopes())
                    .isEqualTo(Scopes.of("mail"));
        }
        try (var server = zipped("gzip", "{\"request_uri\":\"urn:x:1\"}")) {
            assertThat(pushed.push(bot(server, "{}"), new Parameters().with("state", "s"))
                            .get("request_uri"))
                    .isEqualTo("urn:x:1");
        }
        try (var server = zipped("gzip", TestKeys.published(TestKeys.RSA))) {
            assertThat(keySets.at(server.address()).getKeys()).hasSize(1);
        }
        assertThat(accepted).hasSizeGreaterThan(8).containsOnly("gzip");
    }

    @Test
    @DisplayName("2.6 The words of a proxied refusal are found in a gzipped body too")
    void aProxiedRefusalIsDecodedToBeRead() {
        assertThat(ProviderApi.words(gzip("[{\"errorCode\":\"x\"}]"))).hasToString("[{\"errorCode\":\"x\"}]");
        assertThat(ProviderApi.words(new byte[] {0x1f, (byte) 0x8b, 1, 2, 3})).hasToString("{}");
    }

    @Test
    @DisplayName("2.6 Metadata may be compressed too")
    void gzippedMetadataIsRead() {
        var issuer = new CopyOnWriteArrayList<String>();
        try (var server = Loopback.answering(exchanged -> {
            byte[] body = gzip("{\"issuer\":\"" + issuer.get(0) + "\",\"authorization_endpoint\":\"" + issuer.get(0)
                    + "/a\",\"token_endpoint\":\"" + issuer.get(0) + "/t\"}");
            exchanged.getResponseHeaders().add("Content-Encoding", "gzip");
            exchanged.sendResponseHeaders(200, body.length);
            exchanged.getResponseBody().write(body);
        })) {
            issuer.add(server.address().toString());
            assertThat(discovery.server(issuer.get(0)).endpoints()).containsKey("token");
        }
    }

    @ParameterizedTest
    @DisplayName("2.6 Gzip is recognised by the body, whatever the header says of it")
    @CsvSource({"GZip, true", "x-gzip, true", "'', true", "'identity, gzip', true", "gzip, false", "identity, false"})
    void gzipIsRecognisedByTheBody(String coding, boolean zipped) {
        try (var server =
                answering(200, coding, zipped ? gzip(TOKEN_REPLY) : TOKEN_REPLY.getBytes(StandardCharsets.UTF_8))) {
            assertThat(exchange.refresh(bot(server, "{}"), TOKEN, TokenPart.WHOLE)
                            .refreshToken())
                    .isEqualTo(new Secret("rotated"));
        }
    }

    @Test
    @DisplayName("2.6 A body is bounded after it is decoded")
    void aBombIsNotUnpacked() {
        try (var server = zipped("gzip", "{\"a\":\"" + "x".repeat(64 * 1024 * 1024) + "\"}")) {
            assertThat(failure(server))
                    .returns(FailureKind.UNREACHABLE, ProviderException::kind)
                    .hasMessageContaining("larger than 1048576 bytes once it is decoded");
        }
    }

    @Test
    @DisplayName("2.6 Another encoding, or a broken one, is named")
    void whatCannotBeDecodedIsNamed() {
        try (var server = answering(200, "br", new byte[] {1, 2, 3})) {
            assertThat(failure(server)).hasMessageContaining("Content-Encoding is neither gzip nor identity");
        }
        byte[] whole = gzip(TOKEN_REPLY);
        try (var server = answering(200, "gzip", Arrays.copyOf(whole, whole.length - 12))) {
            assertThat(failure(server)).returns(FailureKind.UNREACHABLE, ProviderException::kind);
        }
    }

    @ParameterizedTest
    @DisplayName("2.7 An error that says nothing beside a usable token is none")
    @CsvSource(
            delimiter = '|',
            value = {
                "http-status  | \"\"",
                "http-status  | \"  \"",
                "http-status  | null",
                "http-status  | {}",
                "error-object | \"\"",
                "error-object | null",
                "error-object | {}",
                "error-object | {\"code\":\"\",\"message\":\"\",\"description\":null}",
                "ok-false     | \"\"",
                "ok-false     | null"
            })
    void anEmptyErrorIsNone(String shape, String error) {
        String beside = "{\"error\":" + error + ",\"ok\":true,\"error_description\":\"\",";
        String dialect = "{\"token\": {\"failure\": \"" + shape + "\"},"
                + "\"permissions\": {\"list\": \"/data\", \"scope\": \"/p\", \"status\": \"/s\", \"granted\": \"yes\"}}";
        try (var server = Loopback.json(200, beside + TOKEN_REPLY.substring(1))) {
            assertThat(exchange.exchange(bot(server, dialect), CODE, null)
                            .token()
                            .accessToken()
                            .value())
                    .isEqualTo("new");
            assertThat(exchange.refresh(bot(server, dialect), TOKEN, TokenPart.WHOLE)
                            .refreshToken())
                    .isEqualTo(new Secret("rotated"));
            assertThat(exchange.revoke(bot(server, dialect), TOKEN, "refresh_token"))
                    .isEqualTo(RevocationReply.AGREED);
        }
        try (var server = Loopback.json(
                200,
                beside
                        + "\"id\":\"7\",\"active\":true,\"request_uri\":\"urn:x:1\",\"data\":[{\"p\":\"a\",\"s\":\"yes\"}]}")) {
            assertThat(api.account(bot(server, dialect), TOKEN)).isPresent();
            assertThat(api.permissions(bot(server, dialect), TOKEN)).isEqualTo(Scopes.of("a"));
            assertThat(api.probe(bot(server, dialect), TOKEN).isDead()).isFalse();
            assertThat(pushed.push(bot(server, dialect), new Parameters().with("state", "s"))
                            .get("request_uri"))
                    .isEqualTo("urn:x:1");
        }
    }

    @ParameterizedTest
    @DisplayName("2.7 An empty error does not make a refusal a success")
    @ValueSource(strings = {"http-status", "error-object", "ok-false"})
    void aStatusIsStillARefusal(String shape) {
        try (var server = Loopback.json(400, "{\"error\":\"\"}")) {
            ClientRegistration bot = bot(server, "{\"token\": {\"failure\": \"" + shape + "\"}}");
            assertThat(catchThrowableOfType(ProviderException.class, () -> exchange.exchange(bot, CODE, null)))
                    .returns(FailureKind.REFUSED, ProviderException::kind)
                    .hasMessageContaining("http_400");
        }
    }

    @Test
    @DisplayName("2.16 A byte order mark before JSON is passed over, at every endpoint")
    void aByteOrderMarkIsPassedOver() {
        try (var server = Loopback.json(200, "\ufeff" + TOKEN_REPLY)) {
            assertThat(exchange.exchange(bot(server, "{}"), CODE, null).token().refreshToken())
                    .isEqualTo(new Secret("rotated"));
        }
        try (var server = Loopback.json(200, "\ufeff{\"id\":\"7\",\"request_uri\":\"urn:x:1\"}")) {
            assertThat(api.account(bot(server, "{}"), TOKEN)).isPresent();
            assertThat(pushed.push(bot(server, "{}"), new Parameters().with("state", "s"))
                            .get("request_uri"))
                    .isEqualTo("urn:x:1");
        }
        try (var server = Loopback.json(200, "\ufeff" + TestKeys.published(TestKeys.RSA))) {
            assertThat(keySets.at(server.address()).getKeys()).hasSize(1);
        }
        try (var server = zipped("gzip", "\ufeff{\"error\":\"invalid_grant\"}")) {
            assertThat(catchThrowableOfType(
                                    ProviderException.class,
                                    () -> exchange.refresh(bot(server, "{}"), TOKEN, TokenPart.WHOLE))
                            .kind())
                    .isEqualTo(FailureKind.REFRESH_REFUSED);
        }
    }

    @Test
    @DisplayName("2.18 What goes to the log names the endpoint that failed")
    void theEndpointIsNamed() throws Exception {
        URI nobody = Loopback.nobody();
        try (var broken = Loopback.json(200, "<html>")) {
            for (URI at : List.of(nobody, broken.address())) {
                ClientRegistration bot = bot(at, "{}");
                assertFailure("the token endpoint: ", () -> exchange.exchange(bot, CODE, null));
                assertFailure("the token endpoint: ", () -> exchange.refresh(bot, TOKEN, TokenPart.WHOLE));
                assertFailure("the account endpoint: ", () -> api.account(bot, TOKEN));
                assertFailure("the permissions endpoint: ", () -> api.permissions(bot(at, PERMISSIONS), TOKEN));
                assertFailure(
                        "the introspection endpoint: ",
                        () -> api.probe(bot(at, "{\"probe\": {\"how\": \"introspection\"}}"), TOKEN));
                assertFailure(
                        "the verification endpoint: ",
                        () -> api.probe(bot(at, "{\"probe\": {\"how\": \"verification\"}}"), TOKEN));
                assertFailure(
                        "the pushed authorization endpoint: ",
                        () -> pushed.push(bot, new Parameters().with("state", "s")));
            }
            assertFailure("the revocation endpoint: ", () -> exchange.revoke(bot(nobody, "{}"), TOKEN, "access_token"));
            assertFailure("the metadata of ", () -> discovery.server(nobody.toString()));
            assertFailure("the provider's keys: ", () -> keySets.at(nobody));
        }
    }

    private static void assertFailure(String beginning, ThrowingCallable call) {
        assertThat(catchThrowableOfType(ProviderException.class, call)).hasMessageStartingWith(beginning);
    }

    @ParameterizedTest
    @DisplayName("2.18 DPoP is refused in words that say so")
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"access_token\":\"t\",\"token_type\":\"DPoP\"} | token_type is DPoP (RFC 9449), which is not supported",
                "400 | {\"error\":\"use_dpop_nonce\"} | says use_dpop_nonce (DPoP, RFC 9449, is not supported)",
                "400 | {\"error\":\"invalid_dpop_proof\"} | says invalid_dpop_proof (DPoP, RFC 9449, is not supported)"
            })
    void dpopIsRefusedInWords(int status, String body, String words) {
        try (var server = Loopback.json(status, body)) {
            assertThat(failure(server)).hasMessageContaining(words);
        }
    }

    private static final String PERMISSIONS =
            "{\"permissions\": {\"list\": \"/data\", \"scope\": \"/p\", \"status\": \"/s\", \"granted\": \"yes\"}}";

    private static final String LIST = """
            {"failures": [
              {"at": "/0/errorCode", "in": ["INVALID_SESSION_ID", "expired_authorization"], "means": "dead"},
              {"at": "/0/errorCode", "in": ["REQUEST_LIMIT_EXCEEDED"], "means": "rate-limited"},
              {"at": "/0/errorCode", "in": ["INSUFFICIENT_ACCESS"], "means": "scope-missing", "scopes": "/0/fields"}]}""";

    @Test
    @DisplayName("2.12 The words of a refusal that is a list are found when probing")
    void aListIsReadWhenProbing() {
        try (var server = Loopback.json(403, "[{\"errorCode\":\"INVALID_SESSION_ID\",\"message\":\"expired\"}]")) {
            assertThat(api.probe(bot(server, LIST), TOKEN).isDead()).isTrue();
        }
        try (var server = Loopback.json(
                403, "[{\"errorCode\":\"INSUFFICIENT_ACCESS\",\"fields\":[\"a\",\"b\"]},{\"errorCode\":\"x\"}]")) {
            ApiFailure failure = api.probe(bot(server, LIST), TOKEN).failure();
            assertThat(failure).isEqualTo(new ApiFailure(Meaning.SCOPE_MISSING, Scopes.of("a", "b")));
        }
        try (var server = Loopback.json(403, "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]")) {
            assertThat(catchThrowableOfType(ProviderException.class, () -> api.account(bot(server, LIST), TOKEN))
                            .kind())
                    .isEqualTo(FailureKind.UNREACHABLE);
        }
    }

    @Test
    @DisplayName("2.12 The words of a refusal that is a list are found at the token endpoint")
    void aListIsReadAtTheTokenEndpoint() {
        try (var server = Loopback.json(400, "[{\"errorCode\":\"expired_authorization\"}]")) {
            assertThat(catchThrowableOfType(
                            ProviderException.class, () -> exchange.refresh(bot(server, LIST), TOKEN, TokenPart.WHOLE)))
                    .returns(FailureKind.REFRESH_REFUSED, ProviderException::kind);
            assertThat(catchThrowableOfType(
                            ProviderException.class, () -> exchange.exchange(bot(server, LIST), CODE, null)))
                    .returns(FailureKind.REFUSED, ProviderException::kind)
                    .hasMessageContaining("http_400");
        }
        try (var server = Loopback.json(400, "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]")) {
            assertThat(failure(server, LIST).kind()).isEqualTo(FailureKind.UNREACHABLE);
        }
        try (var server = Loopback.json(200, "[{\"access_token\":\"t\"}]")) {
            assertThat(failure(server, LIST))
                    .returns(FailureKind.MALFORMED, ProviderException::kind)
                    .hasMessageContaining("no JSON object");
        }
    }

    @Test
    @DisplayName("2.12 A list where an object is due says nothing about a token")
    void aListIsNoAnswer() {
        try (var server = Loopback.json(200, "[]")) {
            for (String how : List.of("introspection", "verification")) {
                ClientRegistration bot =
                        bot(server, "{\"probe\": {\"how\": \"" + how + "\", \"client-id\": \"/client_id\"}}");
                assertThat(catchThrowableOfType(ProviderException.class, () -> api.probe(bot, TOKEN))
                                .kind())
                        .as(how)
                        .isEqualTo(FailureKind.MALFORMED);
            }
        }
    }

    private ProviderException failure(Loopback server) {
        return failure(server, "{}");
    }

    private ProviderException failure(Loopback server, String dialect) {
        return catchThrowableOfType(
                ProviderException.class, () -> exchange.refresh(bot(server, dialect), TOKEN, TokenPart.WHOLE));
    }

    private Loopback zipped(String coding, String body) {
        return answering(200, coding, gzip(body));
    }

    private Loopback answering(int status, @Nullable String coding, byte[] body) {
        return Loopback.answering(exchanged -> {
            accepted.add(String.valueOf(exchanged.getRequestHeaders().getFirst("Accept-Encoding")));
            if (coding != null && !coding.isEmpty()) {
                exchanged.getResponseHeaders().add("Content-Encoding", coding);
            }
            exchanged.sendResponseHeaders(status, body.length);
            exchanged.getResponseBody().write(body);
        });
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** @param dialect keys of a descriptor, in JSON */
    private static ClientRegistration bot(Loopback server, String dialect) {
        return bot(server.address(), dialect);
    }

    private static ClientRegistration bot(URI at, String dialect) {
        String endpoints = "{"
                + String.join(
                        ",",
                        List.of(
                                        "token",
                                        "account",
                                        "permissions",
                                        "secondary-tokens",
                                        "revocation",
                                        "introspection",
                                        "verification",
                                        "pushed-authorization")
                                .stream()
                                .map(name -> "\"" + name + "\":\"" + at + "/" + name + "\"")
                                .toList())
                + "}";
        String made = "{\"id\": \"made\", \"name\": \"Made\", \"endpoints\": " + endpoints + ", \"authorization\": {},"
                + "\"account\": {\"id\": \"/id\", \"name\": \"/name\"}, \"scopes\": {}"
                + (dialect.contains("\"token\": {\"failure\"") ? "" : ", \"token\": {}")
                + (dialect.equals("{}") ? "}" : "," + dialect.strip().substring(1));
        return TestProviders.bot(TestProviders.of(made));
    }
}
