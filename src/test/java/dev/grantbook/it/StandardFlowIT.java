package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.grantbook.oauth.Parameters;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import okhttp3.mockwebserver.RecordedRequest;
import org.h2.tools.Server;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A standard OAuth server that nobody here wrote, and a database that goes away. */
@ArquillianTest
@RunAsClient
class StandardFlowIT {

    private static final Api BOT = Api.withKey("all");
    private static final Keys KEYS = new Keys();
    private static final MockOAuth2Server PROVIDER =
            new MockOAuth2Server(new OAuth2Config(false, null, null, false, new OAuth2TokenProvider(KEYS)));

    /** Takes pushed requests (RFC 9126), which the server above does not; what came last. */
    private static final AtomicReference<String> PUSHED = new AtomicReference<>("");

    private static final ECKey CLIENT_KEY = clientKey();

    private static @Nullable Server database;
    private static int databasePort;

    private final Visitor visitor = new Visitor();
    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return StandardSuite.war();
    }

    static Map<String, String> configuration() throws IOException, SQLException {
        PROVIDER.start(InetAddress.getLoopbackAddress(), 0);
        databasePort = Deployments.freePort();
        startDatabase();
        HttpServer pushes = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pushes.createContext("/par", exchange -> {
            PUSHED.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, 201, "{\"request_uri\":\"urn:example:pushed\",\"expires_in\":60}");
        });
        pushes.createContext("/refuse", exchange -> answer(exchange, 401, "{\"error\":\"invalid_client\"}"));
        pushes.start();
        var configuration = Connectors.configuration(provider(), true);
        declareMore(configuration, pushes.getAddress().getPort());
        configuration.put("grantbook.revocation.round", "PT1S");
        configuration.put(
                "grantbook.providers.directory",
                Path.of("src/test/resources/made-up").toAbsolutePath().toString());
        configuration.put(
                "grantbook.database.url",
                "jdbc:h2:tcp://127.0.0.1:" + databasePort + "/"
                        + Files.createTempDirectory("grantbook-h2").resolve("grantbook") + ";LOCK_TIMEOUT=10000");
        return configuration;
    }

    @Test
    void standardServerGrantsWhatWasAskedAndTheTokenExpires() throws Exception {
        Reply start = leave("standard");
        Parameters sent = Parameters.parse(URI.create(start.location()).getRawQuery());
        assertThat(sent.get("response_type")).isEqualTo("code");
        assertThat(sent.get("redirect_uri")).isEqualTo(Deployments.base() + "/oauth/callback/standard");
        assertThat(sent.get("code_challenge_method")).isEqualTo("S256");
        assertThat(sent.get("scope")).isEqualTo("openid mail.read");

        PROVIDER.enqueueCallback(token("ann", "Ann"));
        Reply callback = Http.at("").get(start.location());
        visitor.get(callback.location());

        JsonObject answer = BOT.access("standard", subject);
        assertThat(answer.getString("status"))
                .as("the reply named no scope, so all were granted")
                .isEqualTo("authorized");
        assertThat(answer.getJsonObject("account").getString("id")).isEqualTo("ann");
        assertThat(answer.getJsonObject("account").getString("name")).isEqualTo("Ann");
        assertThat(answer).containsKey("expires_at");
        assertThat(answer.getString("access_token")).contains(".");
        assertBasicWithEncodedHalves();
    }

    /** RFC 6749 section 2.3.1: both halves of the credentials are form-encoded before they are joined. */
    private static void assertBasicWithEncodedHalves() {
        String sent = lastRequestTo("/token").authorization().replace("Basic ", "");
        assertThat(new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8))
                .isEqualTo("standard+client:standard%3A+secret+%26+more");
    }

    // A server by its issuer alone

    @Test
    void anIssuerIsAllThatAConnectorNeeds() throws Exception {
        Reply start = leave("by-issuer");
        Parameters sent = Parameters.parse(URI.create(start.location()).getRawQuery());
        assertThat(start.location()).startsWith(provider() + "/default/authorize?");
        assertThat(sent.get("scope")).isEqualTo("openid mail.read");
        assertThat(sent.get("code_challenge_method")).isEqualTo("S256");
        assertThat(sent.get("nonce")).matches("[0-9A-Za-z]{43}").isNotEqualTo(sent.get("state"));

        finish("by-issuer", start, token("eve", "Eve"));

        JsonObject answer = BOT.access("by-issuer", subject);
        assertThat(answer.getString("status")).isEqualTo("authorized");
        assertThat(answer.getJsonObject("account").getString("id")).isEqualTo("eve");
        assertThat(answer.getJsonObject("account").getString("name")).isEqualTo("Eve");
        assertThat(lastRequestTo("/token").authorization()).startsWith("Basic ");
    }

    @Test
    void anOAuthServerIsFoundByItsIssuerToo() throws Exception {
        Reply start = leave("oauth-by-issuer", "OAuth 2.0");
        assertThat(start.location()).startsWith(provider() + "/plain/authorize?");

        finish("oauth-by-issuer", start, token("plain", "fay", Map.of("name", "Fay")));

        assertThat(BOT.access("oauth-by-issuer", subject).getString("status")).isEqualTo("authorized");
    }

    @Test
    void theSecretGoesIntoTheBodyWhereTheConnectorSaysSo() throws Exception {
        finish("by-issuer-body", leave("by-issuer-body"), token("gil", "Gil"));

        assertThat(BOT.access("by-issuer-body", subject).getString("status")).isEqualTo("authorized");
        Sent sent = lastRequestTo("/token");
        assertThat(sent.authorization()).isEmpty();
        assertThat(sent.form().get("client_secret")).isEqualTo("standard: secret & more");
    }

    @Test
    void aPublicClientOnlySaysWhoItIs() throws Exception {
        finish("by-issuer-none", leave("by-issuer-none"), token("hal", "Hal"));

        assertThat(BOT.access("by-issuer-none", subject).getString("status")).isEqualTo("authorized");
        Sent sent = lastRequestTo("/token");
        assertThat(sent.authorization()).isEmpty();
        assertThat(sent.form().get("client_id")).isEqualTo("by-issuer-none");
        assertThat(sent.form().get("client_secret")).isNull();
    }

    @Test
    void aClientWithAKeySignsAndTheServerFindsItsPublicHalfHere() throws Exception {
        finish("by-issuer-key", leave("by-issuer-key"), token("ida", "Ida"));

        assertThat(BOT.access("by-issuer-key", subject).getString("status")).isEqualTo("authorized");
        Sent sent = lastRequestTo("/token");
        assertThat(sent.authorization()).isEmpty();
        Reply published = Http.at(Deployments.base()).get("/oauth/jwks/by-issuer-key");
        assertThat(published.header("Content-Type")).startsWith("application/jwk-set+json");
        assertThat(published.body()).doesNotContain("\"d\"");
        ECKey key = (ECKey) JWKSet.parse(published.body()).getKeys().get(0);
        SignedJWT assertion = SignedJWT.parse(sent.form().get("client_assertion"));
        assertThat(assertion.verify(new ECDSAVerifier(key))).isTrue();
        assertThat(assertion.getHeader().getKeyID()).isEqualTo(key.getKeyID());
        assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(provider() + "/default");
        assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("by-issuer-key");
    }

    @ParameterizedTest
    @DisplayName("3.1 A server gets the key set by whichever type it asks for")
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                            | application/json",
                "application/json, */*;q=0.1                 | application/json",
                "application/jwk-set+json, application/json  | application/jwk-set+json",
                "*/*                                         | application/jwk-set+json",
                "application/jwk-set+json                    | application/jwk-set+json",
                "text/plain                                  | application/jwk-set+json"
            })
    void theKeySetComesByTheTypeThatIsAskedFor(String accept, String type) throws Exception {
        Reply reply = Http.at(Deployments.base()).with("Accept", accept).get("/oauth/jwks/by-issuer-key");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith(type);
        assertThat(JWKSet.parse(reply.body()).getKeys()).hasSize(1);
    }

    @Test
    void aConnectorWithoutAKeyPublishesNone() throws Exception {
        for (String connector : List.of("by-issuer", "unknown")) {
            Reply reply = Http.at(Deployments.base()).get("/oauth/jwks/" + connector);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(Api.json(reply).getString("type")).isEqualTo("urn:grantbook:problem:no-key");
        }
    }

    static Stream<Map<String, Object>> claimsOfOtherTrips() {
        return Stream.of(
                Map.of("nonce", "of another trip"),
                Map.of("aud", "another client"),
                Map.of("iss", "http://127.0.0.1/default"),
                Map.of("exp", 0L));
    }

    @ParameterizedTest
    @MethodSource("claimsOfOtherTrips")
    void anIdTokenThatIsNotOfThisTripGrantsNothing(Map<String, Object> claims) throws Exception {
        requestsTo("/userinfo");

        Reply page = finish("by-issuer", leave("by-issuer"), token("default", "mallory", claims));

        assertThat(page.body()).contains("That did not work");
        assertThat(requestsUntil("/revoke"))
                .as("the token is given up, and nobody is asked whose it is")
                .noneMatch(sent -> sent.path().endsWith("/userinfo"));
        assertThat(BOT.access("by-issuer", subject).getString("status")).isEqualTo("not_authorized");
    }

    @Test
    void theServerMayChangeItsKeys() throws Exception {
        finish("by-issuer", leave("by-issuer"), token("jan", "Jan"));
        assertThat(BOT.access("by-issuer", subject).getString("status")).isEqualTo("authorized");

        KEYS.change();

        String other = "subject-" + UUID.randomUUID();
        Reply start = visitor.submit(visitor.get(BOT.link("by-issuer", other)), "Continue to OpenID Connect");
        finish("by-issuer", start, token("kim", "Kim"));
        assertThat(BOT.access("by-issuer", other).getString("status")).isEqualTo("authorized");
    }

    @Test
    void aServerThatIsFoundIsToldOfTheEndToo() throws Exception {
        finish("by-issuer", leave("by-issuer"), token("lou", "Lou"));
        String token = BOT.access("by-issuer", subject).getString("access_token");
        String id = BOT.grant("by-issuer", subject).getString("id");

        assertThat(BOT.send("DELETE", "/grants/" + id, "").status()).isEqualTo(204);

        assertThat(requestsTo("/revoke")).anySatisfy(sent -> {
            assertThat(sent.form().get("token")).isEqualTo(token);
            assertThat(sent.authorization()).startsWith("Basic ");
        });
    }

    @Test
    void aPushedRequestLeavesOnlyAReferenceInTheBrowser() throws Exception {
        Reply start = leave("pushed");
        assertThat(URI.create(start.location()).getRawQuery())
                .isEqualTo("client_id=pushed&request_uri=urn%3Aexample%3Apushed");

        Parameters pushed = Parameters.parse(PUSHED.get());
        assertThat(pushed.get("response_type")).isEqualTo("code");
        assertThat(pushed.get("redirect_uri")).isEqualTo(Deployments.base() + "/oauth/callback/pushed");
        assertThat(pushed.get("code_challenge")).hasSize(43);
        assertThat(pushed.get("nonce")).hasSize(43);
        // What the server would do with the reference.
        String resolved = provider() + "/default/authorize?" + PUSHED.get();
        PROVIDER.enqueueCallback(token("mia", "Mia"));
        visitor.get(Http.at("").get(resolved).location());
        assertThat(BOT.access("pushed", subject).getString("status")).isEqualTo("authorized");
    }

    @ParameterizedTest
    @CsvSource({
        "push-refused, That did not work",
        "issuer-with-a-slash, That did not work",
        "issuer-that-is-down, OpenID Connect does not answer"
    })
    void aTripThatCannotStartEndsHonestly(String connector, String words) throws Exception {
        Reply start = leave(connector);

        assertThat(start.location()).startsWith(Deployments.base() + "/outcome/");
        Reply page = visitor.get(start.location());
        assertThat(page.body()).contains(words).doesNotContain("Exception");
        assertThat(BOT.access(connector, subject).getString("status")).isEqualTo("not_authorized");
    }

    /** {@code made-up/pigeon.yaml} and a connector that names it: no code knows this provider. */
    @Test
    void aMadeUpProviderTakesOneFile() throws Exception {
        Reply landing = visitor.get(BOT.link("pigeon", subject));
        assertThat(landing.body()).contains("Pigeon Post", "Read the letters that pigeons brought you.");
        Reply start = visitor.submit(landing, "Continue to Pigeon Post");
        Parameters sent = Parameters.parse(URI.create(start.location()).getRawQuery());
        assertThat(sent.get("scope")).isEqualTo("openid letters");
        assertThat(sent.get("loft_scope")).isEqualTo("open");
        assertThat(sent.get("route")).isEqualTo("scenic");

        PROVIDER.enqueueCallback(new DefaultOAuth2TokenCallback(
                "post", "eve", "JWT", List.of("grantbook"), Map.of("name", "Eve"), 3600));
        visitor.get(Http.at("").get(start.location()).location());

        JsonObject answer = BOT.access("pigeon", subject);
        assertThat(answer.getString("status")).isEqualTo("authorized");
        assertThat(answer.getJsonObject("account").getString("name")).isEqualTo("Eve");
    }

    @Test
    void aCodeIsWorthNothingWithoutItsVerifier() throws Exception {
        String stolen = code(Http.at("").get(leave("standard").location()).location());
        String own = Http.at("").get(leave("standard").location()).location();
        visitor.get(own.replace(code(own), stolen));
        assertThat(BOT.access("standard", subject).getString("status")).isEqualTo("not_authorized");
    }

    @Test
    void anotherIssuersCallbackIsRefused() throws Exception {
        String callback = Http.at("").get(leave("standard").location()).location();
        visitor.get(callback + "&iss=" + provider() + "/default/");
        assertThat(BOT.access("standard", subject).getString("status"))
                .as("differs by a slash")
                .isEqualTo("not_authorized");

        PROVIDER.enqueueCallback(token("bob", "Bob"));
        String right = Http.at("").get(leave("standard").location()).location();
        visitor.get(right + "&iss=" + provider() + "/default");
        assertThat(BOT.access("standard", subject).getString("status")).isEqualTo("authorized");
    }

    @Test
    void anIssuerThatWasPromisedMustBeThere() throws Exception {
        String callback = Http.at("").get(leave("strict-issuer").location()).location();
        visitor.get(callback);
        assertThat(BOT.access("strict-issuer", subject).getString("status")).isEqualTo("not_authorized");
    }

    @Test
    void disconnectingTellsTheProvider() throws Exception {
        PROVIDER.enqueueCallback(token("cat", "Cat"));
        visitor.get(Http.at("").get(leave("standard").location()).location());
        String token = BOT.access("standard", subject).getString("access_token");
        String id = BOT.grant("standard", subject).getString("id");
        assertThat(BOT.send("DELETE", "/grants/" + id, "").status()).isEqualTo(204);
        assertThat(requestsTo("/revoke"))
                .anySatisfy(sent -> assertThat(sent.form().get("token")).isEqualTo(token));
    }

    @Test
    void whileTheDatabaseIsGonePagesAreHonestAndComeBackByThemselves() throws Exception {
        Reply start = leave("standard");
        PROVIDER.enqueueCallback(token("dan", "Dan"));
        String callback = Http.at("").get(start.location()).location();
        stopDatabase();
        try {
            Reply page = visitor.get(callback);
            assertThat(page.status()).isEqualTo(503);
            assertThat(page.body()).doesNotContain("Exception").doesNotContain("jdbc");
            Reply api = BOT.send("POST", "/access", "{\"connector\":\"standard\",\"subject\":\"" + subject + "\"}");
            assertThat(api.status()).isEqualTo(503);
            assertThat(Api.json(api).getString("type")).isEqualTo("urn:grantbook:problem:database-unavailable");
            assertThat(new Visitor().get("/connect/whatever").status()).isEqualTo(503);
        } finally {
            startDatabase();
        }
        visitor.get(callback);
        assertThat(BOT.access("standard", subject).getString("status")).isEqualTo("authorized");
    }

    private Reply leave(String connector) throws IOException, InterruptedException {
        boolean openId = !connector.equals("standard") && !connector.equals("strict-issuer");
        return leave(connector, openId ? "OpenID Connect" : "OAuth 2.0");
    }

    private Reply leave(String connector, String provider) throws IOException, InterruptedException {
        Reply landing = visitor.get(BOT.link(connector, subject));
        assertThat(landing.body()).contains("To read your mail aloud.");
        return visitor.submit(landing, "Continue to " + provider);
    }

    /** From the provider to the outcome page. */
    private Reply finish(String connector, Reply start, DefaultOAuth2TokenCallback token)
            throws IOException, InterruptedException {
        PROVIDER.enqueueCallback(token);
        String callback = Http.at("").get(start.location()).location();
        assertThat(callback).startsWith(Deployments.base() + "/oauth/callback/" + connector + "?");
        return visitor.get(visitor.get(callback).location());
    }

    /** What the provider was sent. */
    private record Sent(String path, String authorization, Parameters form) {}

    /** Everything that was sent to an endpoint since this was last asked. */
    private static List<Sent> requestsTo(String end) {
        var all = new ArrayList<Sent>();
        while (true) {
            RecordedRequest request;
            try {
                request = PROVIDER.takeRequest(0, TimeUnit.MILLISECONDS);
            } catch (RuntimeException e) {
                return all; // nothing is left
            }
            if (isTo(end, request)) {
                all.add(sent(request));
            }
        }
    }

    /** Waits for a request that a round sends: all up to it, in turn. */
    private static List<Sent> requestsUntil(String end) {
        var all = new ArrayList<Sent>();
        RecordedRequest request;
        do {
            request = PROVIDER.takeRequest(60, TimeUnit.SECONDS);
            all.add(sent(request));
        } while (!isTo(end, request));
        return all;
    }

    private static boolean isTo(String end, RecordedRequest request) {
        return String.valueOf(request.getPath()).endsWith(end);
    }

    private static Sent sent(RecordedRequest request) {
        String authorization = request.getHeader("Authorization");
        return new Sent(
                String.valueOf(request.getPath()),
                authorization == null ? "" : authorization,
                Parameters.parse(request.getBody().readUtf8()));
    }

    private static Sent lastRequestTo(String end) {
        List<Sent> all = requestsTo(end);
        assertThat(all).as("requests to " + end).isNotEmpty();
        return all.get(all.size() - 1);
    }

    /** The connectors of {@code it-standard.yaml} go among the others. */
    private static void declareMore(Map<String, String> configuration, int parPort) throws IOException {
        Files.writeString(
                Path.of(configuration.get("grantbook.data")).resolve("client-key"), CLIENT_KEY.toJSONString());
        Path file = Path.of(configuration.get("grantbook.connectors.file"));
        try (var more = Objects.requireNonNull(StandardFlowIT.class.getResourceAsStream("/it-standard.yaml"))) {
            String declared = new String(more.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("MOCK", provider())
                    .replace("PAR", "http://127.0.0.1:" + parPort)
                    .replace("DEAD", Connectors.DEAD);
            Files.writeString(file, Files.readString(file).replace("\napi-keys:", declared + "\napi-keys:"));
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static ECKey clientKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("bot-key").generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** Keys of the provider that can be changed while it runs. */
    private static final class Keys extends KeyProvider {

        private volatile RSAKey current = make();

        void change() {
            current = make();
        }

        @Override
        public JWK signingKey(String issuer) {
            return current;
        }

        /** For its own checks of tokens. */
        @Override
        public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
            return selector.select(new JWKSet(current));
        }

        private static RSAKey make() {
            try {
                return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
            } catch (JOSEException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String provider() {
        return "http://127.0.0.1:" + PROVIDER.baseUrl().port();
    }

    private static String code(String callback) {
        return String.valueOf(
                Parameters.parse(URI.create(callback).getRawQuery()).get("code"));
    }

    private static DefaultOAuth2TokenCallback token(String account, String name) {
        return token("default", account, Map.of("name", name));
    }

    private static DefaultOAuth2TokenCallback token(String issuer, String account, Map<String, ?> claims) {
        return new DefaultOAuth2TokenCallback(issuer, account, "JWT", List.of("grantbook"), claims, 3600);
    }

    private static void startDatabase() throws SQLException {
        database = Server.createTcpServer("-tcpPort", String.valueOf(databasePort), "-ifNotExists")
                .start();
    }

    private static void stopDatabase() {
        if (database != null) {
            database.stop();
            database = null;
        }
    }
}
