package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Bot;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What operators see: which part is away, and what became of a link. */
@ArquillianTest
@RunAsClient
class ObservabilityIT {

    private static final Bot BOT = new Bot();
    private static final Api API = Api.withKey("all");

    private final Visitor visitor = new Visitor();
    private final String subject = "subject-" + UUID.randomUUID();
    private final String trace = UUID.randomUUID().toString().replace("-", "");

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return NodesSuite.war();
    }

    static void configure(Map<String, String> configuration) throws IOException {
        configuration.put("grantbook.deliveries.pause", "PT0.2S");
        Connectors.declare(configuration, Connectors.DEAD + "/bot", BOT.url().toString());
    }

    // Which part is away

    @Test
    void aDatabaseThatIsKilledIsNamedAndTheNodeLivesOn() throws Exception {
        assertThat(check("database")).isEqualTo("UP");

        database().kill();
        try {
            assertThat(status("/health/ready")).isEqualTo(503);
            assertThat(check("database")).isEqualTo("DOWN");
            assertThat(check("providers")).isEqualTo("UP");
            assertThat(status("/health/live")).isEqualTo(200);
        } finally {
            database().revive();
        }

        assertThat(status("/health/ready")).isEqualTo(200);
        assertThat(API.access("demo-mixin", subject).getString("status")).isEqualTo("not_authorized");
    }

    @Tag("nightly")
    @Test
    @DisplayName(
            "4.4 A node that starts before its database waits for it; 4.5 and an outage leaves few lines in its log")
    void aNodeWaitsForItsDatabaseAndSaysLittleWhenItIsAway() throws Exception {
        try (MortalPostgreSql late = MortalPostgreSql.start()) {
            int port = Deployments.freePort();
            Map<String, String> configuration = Connectors.configuration(Connectors.DEAD, true);
            configuration.putAll(late.configuration());
            late.kill();
            var starting = new FutureTask<>(() -> Node.start(port, configuration));
            new Thread(starting, "late").start();
            Patience.until(Deployments::log, log -> log.contains("the database does not answer yet"));
            assertThat(Http.at("http://localhost:" + port).get("/health/ready").status())
                    .as("what a supervisor asks")
                    .isNotEqualTo(200);
            late.revive();
            try (Node node = starting.get()) {
                Http bot = Http.at(node.base()).with("Authorization", "Bearer key-all");
                assertThat(bot.get("/health/ready").status()).isEqualTo(200);

                late.kill();
                Patience.until(() -> bot.get("/api/v1/grants").status(), status -> status == 503);
                int before = Deployments.log().length();
                for (int request = 0; request < 30; request++) {
                    assertThat(bot.get("/api/v1/grants").status()).isEqualTo(503);
                    assertThat(bot.with("Accept", "text/html").get("/connect/x").status())
                            .isEqualTo(503);
                }
                assertThat(Deployments.log().length() - before).isLessThan(60 * 300);
                late.revive();
                Patience.until(() -> bot.get("/api/v1/grants").status(), status -> status == 200);
            }
        }
    }

    @Test
    void aProviderThatIsAwayIsNamedAndTheNodeStaysReady() throws Exception {
        visitor.finish(API.link("unreachable", subject), SandboxAccount.ALICE);

        Reply ready = Http.at(Deployments.base()).get("/health/ready");

        assertThat(ready.status()).isEqualTo(200);
        assertThat(checked("providers").getJsonObject("data").getString("mixin"))
                .startsWith("degraded");
        assertThat(check("database")).isEqualTo("UP");
    }

    // What became of a link

    @Test
    @DisplayName("6 One id leads from the invitation to the outcome, which is one line of the log")
    void oneIdLeadsFromTheInvitationToTheOutcome() throws Exception {
        BOT.answers(410);
        JsonObject invitation = invite("notified-mixin", "00-" + trace + "-00f067aa0ba902b7-01");

        visitor.finish(invitation.getString("url"), SandboxAccount.ALICE);

        assertThat(invitation.getString("trace")).isEqualTo(trace);
        JsonObject outcome = Api.json(API.get("/invitations/" + invitation.getString("id")));
        assertThat(outcome.getString("status")).isEqualTo("granted");
        assertThat(outcome.getString("trace")).isEqualTo(trace);
        assertThat(BOT.next().body()).contains("\"grant.created\"", "\"trace\":\"" + trace + "\"");
        assertThat(logged(trace))
                .filteredOn(line -> line.contains("invitation " + invitation.getString("id")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("attempt", "granted");
    }

    @Test
    void aConversationsLinkHasAnIdToo() throws Exception {
        JsonObject next = Api.json(API.with("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .send(
                        "POST",
                        "/conversations/web/session-" + trace + "/next",
                        "{\"connector\":\"demo-mixin\",\"subject\":\"alice\"}"));

        assertThat(next.getJsonObject("link").getString("trace")).isEqualTo(trace);
        visitor.finish(next.getJsonObject("link").getString("url"), SandboxAccount.ALICE);
        assertThat(logged(trace)).anySatisfy(line -> assertThat(line).contains("attempt", "granted"));
    }

    @Test
    void whatFailsOnTheWayIsFoundByTheSameId() throws Exception {
        JsonObject invitation = invite("unreachable", "00-" + trace + "-00f067aa0ba902b7-01");

        visitor.finish(invitation.getString("url"), SandboxAccount.ALICE);

        assertThat(logged(trace))
                .anySatisfy(line -> assertThat(line).contains("unreachable: ", "127.0.0.1 could not be asked"))
                .anySatisfy(line -> assertThat(line).contains(invitation.getString("id"), "unreachable"));
    }

    @Test
    void aProblemNamesTheIdOfItsRequest() throws Exception {
        Reply refused = API.with("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .send("POST", "/invitations", "{\"connector\":\"nobody\",\"subject\":\"" + subject + "\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(Api.json(refused).getString("trace")).isEqualTo(trace);
        assertThat(Api.json(API.get("/grants/unknown")).getString("trace"))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(trace);
    }

    @Test
    void anIdThatIsNoneIsReplaced() throws Exception {
        for (String wrong : List.of("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01", "nonsense", "00-" + trace)) {
            assertThat(invite("demo-mixin", wrong).getString("trace"))
                    .matches("[0-9a-f]{32}")
                    .doesNotMatch("0{32}")
                    .isNotEqualTo(trace);
        }
    }

    // Helpers

    private JsonObject invite(String connector, String traceparent) throws IOException, InterruptedException {
        return API.with("traceparent", traceparent)
                .invite("{\"connector\":\"" + connector + "\",\"subject\":\"" + subject + "\"}");
    }

    private static List<String> logged(String text) throws IOException {
        return Deployments.log().lines().filter(line -> line.contains(text)).toList();
    }

    private static int status(String path) throws IOException, InterruptedException {
        return Http.at(Deployments.base()).get(path).status();
    }

    private static String check(String name) throws IOException, InterruptedException {
        return checked(name).getString("status");
    }

    private static JsonObject checked(String name) throws IOException, InterruptedException {
        return Api.json(Http.at(Deployments.base()).get("/health/ready"))
                .getJsonArray("checks")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(check -> check.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static MortalPostgreSql database() {
        return NodesSuite.database();
    }
}
