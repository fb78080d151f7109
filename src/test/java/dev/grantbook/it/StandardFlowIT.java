package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.h2.tools.Server;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A standard OAuth server that nobody here wrote, and a database that goes away. */
@ArquillianTest
@RunAsClient
class StandardFlowIT {

    private static final Api BOT = Api.withKey("all");
    private static final MockOAuth2Server PROVIDER = new MockOAuth2Server(new OAuth2Config(false));

    private static @Nullable Server database;
    private static int databasePort;

    private final Visitor visitor = new Visitor();
    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws IOException, SQLException {
        PROVIDER.start(InetAddress.getLoopbackAddress(), 0);
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            databasePort = free.getLocalPort();
        }
        startDatabase();
        var configuration = Connectors.configuration(provider(), true);
        configuration.put(
                "grantbook.database.url",
                "jdbc:h2:tcp://127.0.0.1:" + databasePort + "/"
                        + Files.createTempDirectory("grantbook-h2").resolve("grantbook"));
        return Deployments.war(configuration);
    }

    @AfterAll
    static void stop() throws IOException {
        Secrets.assertNoneIsLogged();
        PROVIDER.shutdown();
        stopDatabase();
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
    private static void assertBasicWithEncodedHalves() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            var request = PROVIDER.takeRequest();
            if (String.valueOf(request.getPath()).endsWith("/token")) {
                String expected = "standard+client:standard%3A+secret+%26+more";
                String sent = String.valueOf(request.getHeader("Authorization")).replace("Basic ", "");
                assertThat(new String(Base64.getDecoder().decode(sent), StandardCharsets.UTF_8))
                        .isEqualTo(expected);
                return;
            }
        }
        throw new AssertionError("the token end point was not asked");
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
        boolean told = false;
        for (int i = 0; i < 20 && !told; i++) {
            var request = PROVIDER.takeRequest();
            told = String.valueOf(request.getPath()).endsWith("/revoke")
                    && request.getBody().readUtf8().contains(token);
        }
        assertThat(told).isTrue();
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
        Reply landing = visitor.get(BOT.link(connector, subject));
        assertThat(landing.body()).contains("To read your mail aloud.");
        return visitor.submit(landing, "Continue to OAuth 2.0");
    }

    private static String provider() {
        return "http://127.0.0.1:" + PROVIDER.baseUrl().port();
    }

    private static String code(String callback) {
        return String.valueOf(
                Parameters.parse(URI.create(callback).getRawQuery()).get("code"));
    }

    private static DefaultOAuth2TokenCallback token(String account, String name) {
        return new DefaultOAuth2TokenCallback(
                "default", account, "JWT", List.of("grantbook"), Map.of("name", name), 3600);
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
