package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Bot;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept for how long, on a running server. Rows grow old by the database: no test waits for days. */
@ArquillianTest
@RunAsClient
class RetentionIT {

    private static final Walk DISCORD =
            Walk.at("discord", "Discord").asking("/api/oauth2/@me", "\"username\":\"alice\"", "\"code\":50025");

    private static final Api API = Api.withKey("all");
    private static final Bot BOT = ProvidersSuite.BOT;

    private final Visitor visitor = new Visitor();
    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return ProvidersSuite.war();
    }

    static Map<String, String> configuration() {
        return Map.of(
                "grantbook.deliveries.pause", "PT0.2S",
                "grantbook.retention.round", "PT0.5S",
                "grantbook.revocation.round", "PT0.2S");
    }

    @Test
    void whatNobodyUsesIsGivenUpAndInTheEndNothingIsLeft() throws Exception {
        ProvidersIT.endAll("discord");
        String token = connect(subject, SandboxAccount.ALICE).getString("access_token");
        String grant = API.grant("discord", subject).getString("id");
        assertThat(whoAmI(token)).contains(DISCORD.alive());

        grantIsUnusedFor("2 days 1 hour", subject);
        JsonObject told = toldOfTheEnd(subject);

        assertThat(told.getString("cause")).isEqualTo("disconnected");
        assertThat(told.getString("actor")).isEqualTo("grantbook");
        assertThat(told.getString("reason")).isEqualTo("unused");
        assertThat(API.access("discord", subject).getString("status")).isEqualTo("revoked");
        assertThat(historyWith("provider_notified"))
                .contains("\"event\":\"disconnected\",\"actor\":\"grantbook\"", "\"reason\":\"unused\"");

        sql("UPDATE user_grant SET verified_at = verified_at - INTERVAL '15 days', updated_at = updated_at"
                + " - INTERVAL '15 days' WHERE subject = '" + subject + "'");
        sql("UPDATE grant_event SET occurred_at = occurred_at - INTERVAL '15 days' WHERE grant_id = '" + grant + "'");
        sql("UPDATE attempt SET expires_at = expires_at - INTERVAL '2 days' WHERE subject = '" + subject + "'");
        sql("UPDATE invitation SET status = 'EXPIRED', expires_at = expires_at - INTERVAL '2 days' WHERE subject = '"
                + subject + "'");
        aWholeRound();

        Patience.until(
                BOT::messages,
                messages -> messages.stream()
                        .anyMatch(message -> message.body().contains("grant.deleted")
                                && message.body().contains(grant)));
        assertThat(whoAmI(token)).as("the provider was told").contains(DISCORD.dead());
        assertThat(API.get("/grants/" + grant).status()).isEqualTo(404);
        assertThat(API.get("/subjects/" + subject).body())
                .contains("\"grants\":[]", "\"invitations\":[]", "\"attempts\":[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/access       | {\"connector\":\"discord\",\"subject\":\"SUBJECT\"}",
                "/access:batch | {\"connector\":\"discord\",\"subjects\":[\"SUBJECT\"]}"
            })
    void whoeverGetsATokenUsesIt(String path, String question) throws Exception {
        connect(subject);
        grantIsUnusedFor("1 day", subject);

        Reply answer = API.send("POST", path, question.replace("SUBJECT", subject));

        assertThat(answer.body()).contains("access_token");
        assertThat(sql("UPDATE user_grant SET used_at = used_at WHERE subject = '" + subject
                        + "' AND used_at > CURRENT_TIMESTAMP - INTERVAL '1 hour'"))
                .isEqualTo(1);
    }

    @Test
    void whoeverAsksForTheStatusOnlyUsesNothing() throws Exception {
        connect(subject);
        grantIsUnusedFor("1 day", subject);

        JsonObject answer = Api.json(Api.withKey("status-only")
                .send("POST", "/access", "{\"connector\":\"discord\",\"subject\":\"" + subject + "\"}"));

        assertThat(answer.getString("status")).isEqualTo("authorized");
        assertThat(sql("UPDATE user_grant SET used_at = used_at WHERE subject = '" + subject
                        + "' AND used_at < CURRENT_TIMESTAMP - INTERVAL '23 hours'"))
                .isEqualTo(1);
    }

    /** When the second of two is given up, the round that gave up the first is over. */
    private void aWholeRound() throws Exception {
        for (String other : new String[] {subject + "-2", subject + "-3"}) {
            connect(other);
            grantIsUnusedFor("3 days", other);
            toldOfTheEnd(other);
        }
    }

    /** The history of the subject's grant, once something stands in it. */
    private String historyWith(String event) throws Exception {
        return Patience.until(
                () -> API.grant("discord", subject).getJsonArray("history").toString(),
                history -> history.contains(event));
    }

    private JsonObject connect(String who) throws IOException, InterruptedException {
        return connect(who, SandboxAccount.BOB);
    }

    private JsonObject connect(String who, SandboxAccount account) throws IOException, InterruptedException {
        Reply consent = visitor.submit(visitor.get(API.link("discord", who)), "Continue to Discord");
        Reply callback = visitor.allow(consent.location(), account);
        visitor.get(visitor.get(callback.location()).location());
        JsonObject authorized = API.access("discord", who);
        assertThat(authorized.getString("status")).isEqualTo("authorized");
        return authorized;
    }

    private static String whoAmI(String token) throws IOException, InterruptedException {
        return Http.at(Deployments.base())
                .with("Authorization", "Bearer " + token)
                .get(DISCORD.home() + DISCORD.whoAmI())
                .body();
    }

    /** What the bot is told when the grant of a subject ends. */
    private static JsonObject toldOfTheEnd(String who) throws InterruptedException {
        while (true) {
            JsonObject message = json(BOT.next());
            JsonObject data = message.getJsonObject("data");
            if (message.getString("type").equals("grant.revoked")
                    && data.getString("subject").equals(who)) {
                return data;
            }
        }
    }

    private static JsonObject json(Bot.Message message) {
        try (var reader = Json.createReader(new StringReader(message.body()))) {
            return reader.readObject();
        }
    }

    private static void grantIsUnusedFor(String time, String who) throws SQLException {
        sql("UPDATE user_grant SET used_at = CURRENT_TIMESTAMP - INTERVAL '" + time + "' WHERE subject = '" + who
                + "'");
    }

    private static int sql(String update) throws SQLException {
        PostgreSql.Database known = ProvidersSuite.database();
        try (var connection = DriverManager.getConnection(known.url(), known.user(), known.password());
                var statement = connection.createStatement()) {
            return statement.executeUpdate(update);
        }
    }
}
