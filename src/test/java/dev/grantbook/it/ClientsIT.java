package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What bots' developers copy from works as it is written: the requests, and the examples, against the sandbox. */
@ArquillianTest
@RunAsClient
class ClientsIT {

    private static final Path NODE = Path.of("examples/node-express");
    private static final Path JAVA = Path.of("examples/java-jaxrs");

    private final Visitor visitor = new Visitor();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return DemoSuite.war();
    }

    @AfterAll
    static void noSecretIsTold() throws Exception {
        Http operator = Http.at(Deployments.base()).with("Authorization", "Bearer " + key());
        for (String told : List.of("/api/v1/metrics", "/metrics", "/health", "/health/ready", "/health/live")) {
            Reply reply = operator.get(told);
            assertThat(reply.status()).as(told).isEqualTo(200);
            Secrets.assertNoneIsIn(reply.body());
        }
    }

    @Test
    void everyRequestAnswersAsItSays() throws Exception {
        Requests file = Requests.read();
        Map<String, String> variables = new HashMap<>(file.variables());
        variables.putAll(Map.of("host", Deployments.base(), "key", key()));
        Map<String, JsonObject> answers = new HashMap<>();
        for (Requests.Request request : file.requests()) {
            if (request.visited() != null) {
                String end = authorize(Requests.fill(request.visited(), variables, answers));
                if (request.prompted() != null) {
                    Parameters told = Parameters.parse(URI.create(end).getRawQuery());
                    variables.put(request.prompted(), Objects.requireNonNull(told.get(request.prompted()), end));
                }
            }
            Http http = Http.at(Deployments.base());
            for (var header : request.headers().entrySet()) {
                http = http.with(header.getKey(), Requests.fill(header.getValue(), variables, answers));
            }
            Reply reply = http.send(
                    request.method(),
                    Requests.fill(request.target(), variables, answers),
                    Requests.fill(request.body(), variables, answers));
            assertThat(reply.status()).as(request + "\n" + reply.body()).isEqualTo(request.status());
            assertThat(reply.body()).as(request.title()).contains(Objects.requireNonNullElse(request.word(), ""));
            if (request.name() != null) {
                answers.put(request.name(), Api.json(reply));
            }
        }
    }

    @Test
    void theServerCountsWhatHappened() throws Exception {
        Http bot = Http.at(Deployments.base()).with("Authorization", "Bearer " + key());
        Reply asked = bot.postJson("/api/v1/access", "{\"connector\":\"demo-mixin\",\"subject\":\"counted\"}");
        visitor.finish(Api.json(asked).getJsonObject("link").getString("url"), SandboxAccount.BOB, "SNAPSHOTS:READ");

        assertThat(bot.get("/api/v1/metrics").body())
                .containsPattern("grantbook_deliveries_kept\\{state=\"waiting\"} 0")
                .containsPattern("grantbook_deliveries_longest_wait_seconds 0")
                .containsPattern("grantbook_attempts_started_total\\{connector=\"demo-mixin\"} [1-9]")
                .containsPattern("grantbook_grant_events_total\\{connector=\"demo-mixin\",event=\"granted\"} [1-9]")
                .containsPattern("grantbook_attempts_total\\{connector=\"demo-mixin\",outcome=\"granted\"} [1-9]")
                .containsPattern(
                        "grantbook_shortfalls_total\\{connector=\"demo-mixin\",scope=\"SNAPSHOTS:READ\"} [1-9]")
                .containsPattern(
                        "grantbook_token_calls_seconds_count\\{call=\"exchange\",failed=\"false\",provider=\"mixin\"} [1-9]");
    }

    @Test
    void readinessTellsTheDatabaseAndTheProvidersApart() throws Exception {
        JsonObject health = Api.json(Http.at(Deployments.base()).get("/health/ready"));

        assertThat(health.getJsonArray("checks").getValuesAs(JsonObject.class))
                .extracting(check -> check.getString("name") + " " + check.getString("status"))
                .contains("database UP", "providers UP");
    }

    @Tag("nightly")
    @Test
    void theBotInNodeShowsItsUserThePortfolio() throws Exception {
        Program.run(NodeJs.npm("ci"), NODE);
        String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
        try (Program bot = Program.start(
                NodeJs.npm("start"),
                NODE,
                Map.of(
                        "PORT", String.valueOf(DemoSuite.BOT_PORT),
                        "WEBHOOK_SECRET", secret,
                        "GRANTBOOK_URL", Deployments.base(),
                        "GRANTBOOK_KEY", key()))) {
            bot.hear("The bot listens");
            assertThat(visitor.get(bot() + "/").body()).contains("Show my portfolio");

            Reply asked = visitor.get(bot() + "/portfolio");
            assertThat(asked.body()).contains("I need your permission for that.");
            String back = authorize(asked.body()
                    .replaceAll("(?s).*<a href=\"([^\"]+)\".*", "$1")
                    .replace("&#58;", ":"));
            assertThat(back).startsWith(bot() + "/portfolio");
            assertThat(visitor.get(back).body()).contains("Alice, you own 0.01250000 BTC");

            revokeAtMixin();
            assertThat(visitor.get(bot() + "/portfolio").body())
                    .contains("I need your permission for that.", "/connect/");

            assertThat(deliver("{\"type\":\"grant.created\"}", secret)).isEqualTo(204);
            bot.hear("Grantbook tells: grant.created");
            assertThat(deliver("{\"type\":\"grant.created\"}", "whsec_bm90IHRoZSBzZWNyZXQ="))
                    .isEqualTo(401);
            assertThat(Http.at(bot()).postJson("/grantbook", "{}").status())
                    .as("unsigned")
                    .isEqualTo(401);
            assertThat(Http.at(bot())
                            .with("Content-Type", "text/plain")
                            .send("POST", "/grantbook", "{}")
                            .status())
                    .as("no JSON")
                    .isEqualTo(401);

            assertThat(deliver("{\"type\":\"grant.created\"}", secret))
                    .as("again")
                    .isEqualTo(204);
            assertThat(deliver("msg_2", "{\"type\":\"grant.changed\"}", secret)).isEqualTo(204);
            assertThat(bot.hear("Grantbook tells: ")).contains("grant.changed");
        }
    }

    @Tag("nightly")
    @Test
    void theBotInJavaShowsItsUserThePortfolio() throws Exception {
        String maven = Path.of("mvnw").toAbsolutePath().toString();
        try (Program bot = Program.start(
                List.of(maven, "-B", "-q"),
                JAVA,
                Map.of("GRANTBOOK_URL", Deployments.base(), "GRANTBOOK_KEY", key()))) {
            bot.hear("Say \"portfolio\"");
            bot.say("portfolio");
            String asked = bot.hear("I need your permission for that: ");
            authorize(asked.replaceAll(".*(http\\S+).*", "$1"));
            bot.say("portfolio");
            assertThat(bot.hear("you own")).contains("Alice, you own 0.01250000 BTC");

            revokeAtMixin();
            bot.say("portfolio");
            assertThat(bot.hear("Bot: ")).contains("I need your permission for that: ");
        }
    }

    /** Alice takes back what she allowed the sample bot, and nobody tells Grantbook. */
    private static void revokeAtMixin() throws Exception {
        Reply reply = new Visitor()
                .post(
                        "/sandbox/at/mixin/authorizations",
                        Map.of(
                                "account",
                                SandboxAccount.ALICE.id,
                                "client_id",
                                "5c8f4f7e-3a0b-4a35-9d62-0d1c7c1f2b11"));
        assertThat(reply.status()).isEqualTo(303);
    }

    /** From a link to wherever the user's browser ends: everything stays ticked. */
    private String authorize(String link) throws IOException, InterruptedException {
        Reply first = visitor.get(link);
        Reply leaving = first.status() == 303 ? first : visitor.submit(first, "Continue to Mixin Messenger");
        Reply callback = visitor.allow(leaving.location(), SandboxAccount.ALICE);
        String end = visitor.get(callback.location()).location();
        if (!end.startsWith(Deployments.base() + "/outcome/")) {
            return end;
        }
        Reply outcome = visitor.get(end);
        assertThat(outcome.status()).isEqualTo(200);
        Reply onward = visitor.get(end.replace("/outcome/", "/oauth/return/"));
        return onward.status() == 303 ? onward.location() : end;
    }

    /** As Grantbook delivers, signed with a secret (Standard Webhooks). */
    private static int deliver(String body, String secret) throws Exception {
        return deliver("msg_1", body, secret);
    }

    private static int deliver(String id, String body, String secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replace("whsec_", "")), "HmacSHA256"));
        String at = String.valueOf(Instant.now().getEpochSecond());
        byte[] signature = mac.doFinal((id + "." + at + "." + body).getBytes(UTF_8));
        return Http.at(bot())
                .with("webhook-id", id)
                .with("webhook-timestamp", at)
                .with("webhook-signature", "v1," + Base64.getEncoder().encodeToString(signature))
                .postJson("/grantbook", body)
                .status();
    }

    private static String bot() {
        return "http://localhost:" + DemoSuite.BOT_PORT;
    }

    private static String key() throws IOException {
        return Files.readString(DemoSuite.data.resolve("demo-api-key")).strip();
    }
}
