package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Bot;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens reaches the bot, by itself and in its order. */
@ArquillianTest
@RunAsClient
class DeliveriesIT {

    private static final String PASSWORD = PostgreSqlSuite.PASSWORD;

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final Api API = Api.withKey("all");
    private static final Bot BOT = new Bot();

    /** Of the connector {@code other-notified}. */
    private static final Bot OTHER_BOT = new Bot();

    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return PostgreSqlSuite.war();
    }

    static void configure(Map<String, String> configuration) throws IOException {
        configuration.put("grantbook.deliveries.timeout", "PT5S");
        configure(configuration, BOT, OTHER_BOT);
    }

    private static void configure(Map<String, String> configuration, Bot bot, Bot other) throws IOException {
        configuration.put("grantbook.deliveries.pause", "PT0.2S");
        Connectors.declare(configuration, Connectors.DEAD + "/bot", bot.url().toString());
        Connectors.declare(
                configuration, Connectors.DEAD + "/other-bot", other.url().toString());
    }

    @Test
    void aGrantIsToldAgainUntilTheBotTakesItAndBeforeItsShortfall() throws Exception {
        BOT.answers(500, Bot.HANGS);

        new Visitor().finish(API.link("notified-mixin", subject), SandboxAccount.ALICE, "ASSETS:READ");

        Bot.Message first = BOT.next();
        Bot.Message second = BOT.next();
        Bot.Message third = BOT.next();
        Bot.Message shortfall = BOT.next();
        assertThat(json(first).getString("type")).isEqualTo("grant.created");
        assertThat(first.id()).isEqualTo(second.id()).isEqualTo(third.id()).isNotEqualTo(shortfall.id());
        assertThat(json(shortfall).getString("type")).isEqualTo("grant.shortfall");
        assertThat(json(shortfall).getJsonObject("data").getString("subject")).isEqualTo(subject);
        assertThat(first.signature()).startsWith("v1,");
    }

    @Test
    void whatWasParkedIsSentAgainFromTheApiAndFromTheConsole() throws Exception {
        BOT.answers(410, 410);
        new Visitor().finish(API.link("notified-mixin", subject), SandboxAccount.BOB);
        Bot.Message parked = BOT.next();
        JsonObject shown = parked(parked.id());

        String grant = API.grant("notified-mixin", subject).getString("id");
        assertThat(shown.getString("last_answer")).isEqualTo("HTTP 410");
        assertThat(shown.getString("grant")).isEqualTo(grant);
        assertThat(API.send("POST", "/deliveries/" + parked.id() + "/replay", "")
                        .status())
                .isEqualTo(202);
        assertThat(BOT.next().id()).isEqualTo(parked.id());
        parked(parked.id());

        var auditor = new Visitor();
        auditor.signIn("auditor", PASSWORD);
        assertThat(auditor.get("/console/deliveries?state=parked").body())
                .contains(parked.id(), "/console/grants/" + grant)
                .doesNotContain("Send again");
        assertThat(auditor.get("/console/deliveries?connector=notified-mixin&subject=" + subject)
                        .body())
                .contains(parked.id());
        assertThat(auditor.get("/console/deliveries?subject=" + subject + "-0").body())
                .contains("There are no such messages.");
        assertThat(auditor.get("/console/deliveries?connector=nobody").body())
                .contains("values that cannot be used", ": connector");
        var admin = new Visitor();
        admin.signIn("admin", PASSWORD);
        admin.submit(admin.get("/console/deliveries?state=parked"), "Send again");
        assertThat(BOT.next().id()).isEqualTo(parked.id());
        assertThat(admin.get("/console/audit").body()).contains("Message sent again", parked.id());
    }

    @Test
    void allThatWasParkedIsSentAgainFromTheApiAndFromTheConsole() throws Exception {
        OTHER_BOT.answers(410, 410);
        String first = parkedAtTheOtherBot(subject);
        String second = parkedAtTheOtherBot(subject + "-2");

        Reply again = API.send("POST", "/deliveries:replay", "{\"connector\":\"other-notified\"}");

        assertThat(again.status()).as(again.body()).isEqualTo(202);
        assertThat(Api.json(again).getInt("replayed")).isEqualTo(2);
        assertThat(List.of(OTHER_BOT.next().id(), OTHER_BOT.next().id())).containsExactly(first, second);

        OTHER_BOT.answers(410);
        String third = parkedAtTheOtherBot(subject + "-3");
        var auditor = new Visitor();
        auditor.signIn("auditor", PASSWORD);
        assertThat(auditor.get("/console/deliveries?state=parked").body())
                .contains(third)
                .doesNotContain("Send all");
        var admin = new Visitor();
        admin.signIn("admin", PASSWORD);
        assertThat(admin.get("/console/deliveries?state=parked").body())
                .contains("Send all undelivered messages again");
        Reply theirs = admin.get("/console/deliveries?state=parked&connector=other-notified&subject=" + subject + "-3");
        Reply told = admin.submit(theirs, "Send all of these again");
        assertThat(OTHER_BOT.next().id()).isEqualTo(third);
        assertThat(admin.get(told.location()).body()).contains("One message will be sent again.");
        assertThat(admin.get("/console/audit").body()).contains("Undelivered messages sent again", "1 other-notified");
    }

    private static String parkedAtTheOtherBot(String subject) throws Exception {
        new Visitor().finish(API.link("other-notified", subject), SandboxAccount.ALICE);
        String id = OTHER_BOT.next().id();
        Patience.until(() -> allParked("other-notified"), all -> all.contains(id));
        return id;
    }

    private static List<String> allParked(String connector) throws Exception {
        return Api.json(API.get("/deliveries?state=parked&connector=" + connector))
                .getJsonArray("deliveries")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(one -> one.getString("id"))
                .toList();
    }

    /** The bot hears its own answer before the server has written it down. */
    private static JsonObject parked(String id) throws Exception {
        List<JsonObject> all = Patience.until(
                () -> Api.json(API.get("/deliveries?state=parked"))
                        .getJsonArray("deliveries")
                        .getValuesAs(JsonObject.class),
                listed -> listed.stream().anyMatch(one -> one.getString("id").equals(id)));
        return all.stream()
                .filter(one -> one.getString("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsImportedIsAGrantLikeAnyOther() throws Exception {
        new Visitor().finish(API.link("other-notified", subject), SandboxAccount.ALICE);
        OTHER_BOT.next();
        String token = API.access("other-notified", subject).getString("access_token");
        String items = """
                {"items": [
                  {"connector": "notified-mixin", "subject": "nobody-%1$s", "access_token": "dead"},
                  {"connector": "notified-mixin", "subject": "%1$s", "access_token": "%2$s",
                   "scopes": ["PROFILE:READ", "ASSETS:READ", "SNAPSHOTS:READ", "CONTACTS:READ"]}]}""".formatted(subject, token);
        assertThat(Api.withKey("no-token").send("POST", "/grants:import", items).status())
                .isEqualTo(403);

        Reply begun = API.send("POST", "/grants:import", items);

        assertThat(begun.status()).as(begun.body()).isEqualTo(202);
        assertThat(begun.header("Location"))
                .endsWith("/imports/" + Api.json(begun).getString("id"));
        JsonObject told = json(BOT.next());
        assertThat(told.getString("type")).isEqualTo("grant.created");
        assertThat(told.getJsonObject("data").getString("cause")).isEqualTo("imported");
        Reply progress = API.get("/imports/" + Api.json(begun).getString("id"));
        assertThat(Api.json(progress).getInt("waiting")).isZero();
        assertThat(Api.json(progress).getInt("imported")).isEqualTo(1);
        assertThat(Api.json(progress).getJsonArray("errors").toString())
                .isEqualTo("[{\"item\":0,\"connector\":\"notified-mixin\",\"subject\":\"nobody-" + subject
                        + "\",\"error\":\"dead\"}]");
        assertThat(progress.body()).doesNotContain(token);
        assertThat(API.access("notified-mixin", subject).getString("access_token"))
                .isEqualTo(token);
        assertThat(Api.withKey("other-only")
                        .get("/imports/" + Api.json(begun).getString("id"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void oneItemThatCannotBeReadRefusesTheImport() throws Exception {
        Reply refused = API.send("POST", "/grants:import", """
                {"items": [
                  {"connector": "notified-mixin", "subject": "%1$s", "access_token": "one"},
                  {"connector": "unknown", "subject": "%1$s", "access_token": "two"},
                  {"connector": "notified-mixin", "subject": "%1$s", "access_token": "three", "expires_at": "tomorrow",
                   "scopes": ["PROFILE:READ", "NONSENSE"]}]}""".formatted(subject));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(Api.json(refused).getJsonArray("errors").getValuesAs(JsonObject.class))
                .extracting(error -> error.getString("field"))
                .containsExactly("items.1.connector", "items.2.subject", "items.2.expires_at", "items.2.scopes.1");
        assertThat(API.access("notified-mixin", subject).getString("status")).isEqualTo("not_authorized");
    }

    @Test
    void aRefusalIsTold() throws Exception {
        JsonObject invited = API.invite("{\"connector\":\"notified-mixin\",\"subject\":\"" + subject + "\"}");
        var visitor = new Visitor();
        Reply back = visitor.refuse(visitor.leave(invited.getString("url")).location());

        visitor.get(back.location());

        JsonObject told = json(BOT.next());
        assertThat(told.getString("type")).isEqualTo("invitation.denied");
        assertThat(told.getJsonObject("data").getString("invitation")).isEqualTo(invited.getString("id"));
        assertThat(told.getJsonObject("data").getString("subject")).isEqualTo(subject);
    }

    @Test
    void ofASubjectThatIsForgottenTheGrantsIdIsToldLast() throws Exception {
        new Visitor().finish(API.link("notified-mixin", subject), SandboxAccount.ALICE);
        String grant = json(BOT.next()).getJsonObject("data").getString("grant");

        assertThat(API.send("DELETE", "/subjects/" + subject, "").status()).isEqualTo(200);

        Bot.Message last = BOT.next();
        if (json(last).getString("type").equals("grant.revoked")) {
            last = BOT.next();
        }
        assertThat(json(last).getString("type")).isEqualTo("grant.deleted");
        assertThat(json(last).getJsonObject("data").toString())
                .isEqualTo("{\"grant\":\"" + grant + "\",\"connector\":\"notified-mixin\"}");
        assertThat(API.get("/deliveries").body()).doesNotContain(subject);
    }

    @Test
    void theListIsOpenToEverybody() throws Exception {
        BOT.answers(410, 204, 503);
        new Visitor().finish(API.link("notified-mixin", subject), SandboxAccount.BOB);
        BOT.next();
        new Visitor().finish(API.link("notified-mixin", subject + "-2"), SandboxAccount.ALICE, "ASSETS:READ");
        BOT.next();
        BOT.next();
        for (Device device : List.of(Device.DESKTOP, Device.SMALL_PHONE.dark().speaking("zh-CN"))) {
            boolean chinese = device.locale().startsWith("zh");
            AuditedTab tab = browser.openForAudit(device);
            tab.go("/sign-in")
                    .fill(chinese ? "名称" : "Name", "admin")
                    .fill(chinese ? "密码" : "Password", PASSWORD)
                    .press(chinese ? "登录" : "Sign in")
                    .go("/console/deliveries")
                    .sees("grant.shortfall")
                    .sees(subject)
                    .sees("HTTP 410")
                    .fits()
                    .screenshot("console-deliveries-" + device.width() + "-" + device.scheme() + "-" + device.locale());
            tab.axe();
            tab.go("/console/deliveries?state=parked")
                    .fill(chinese ? "用户标识" : "Subject", subject)
                    .press(chinese ? "显示" : "Show")
                    .sees(chinese ? "重新发送筛选出的全部消息" : "Send all of these again")
                    .fits()
                    .screenshot("console-parked-" + device.width() + "-" + device.scheme() + "-" + device.locale());
            tab.axe();
        }
        // It was not taken at first.
        assertThat(json(BOT.next()).getString("type")).isEqualTo("grant.shortfall");
    }

    @Test
    void anUnknownMessageAndAWrongStateAreTold() throws Exception {
        assertThat(API.send("POST", "/deliveries/unknown/replay", "").status()).isEqualTo(404);
        Reply wrong = API.get("/deliveries?state=lost");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(Api.json(wrong).getString("field")).isEqualTo("state");
        Reply nobody = API.send("POST", "/deliveries:replay", "{\"connector\":\"nobody\"}");
        assertThat(nobody.status()).isEqualTo(400);
        assertThat(Api.json(nobody).getString("field")).isEqualTo("connector");
        assertThat(Api.withKey("other-only")
                        .send("POST", "/deliveries:replay", "{\"connector\":\"notified-mixin\"}")
                        .status())
                .isEqualTo(403);
    }

    @Tag("nightly")
    @Test
    void whatANodeWasSendingWhenItWasKilledIsSentByTheNextOne() throws Exception {
        try (var bot = new Bot()) {
            bot.answers(Bot.HANGS);
            Map<String, String> configuration = Connectors.configuration(Connectors.DEAD, true);
            configure(configuration, bot, OTHER_BOT);
            // H2 writes what was committed a moment later, so that a kill may undo it; PostgreSQL does not.
            configuration.putAll(PostgreSql.fresh().configuration());
            configuration.put("grantbook.invitation.lifetime", "PT0.1S");
            configuration.put("grantbook.attempt.lifetime", "PT0.1S");
            configuration.put("grantbook.deliveries.timeout", "PT10S");
            Bot.Message lost;
            try (Node node = Node.start(Deployments.freePort(), configuration)) {
                Reply invited = Http.at(node.base())
                        .with("Authorization", "Bearer key-all")
                        .with("Content-Type", "application/json")
                        .send(
                                "POST",
                                "/api/v1/invitations",
                                "{\"connector\":\"notified-mixin\",\"subject\":\"" + subject + "\"}");
                assertThat(invited.status()).as(invited.body()).isEqualTo(201);
                lost = bot.next();
                node.kill();
            }
            try (Node next = Node.start(Deployments.freePort(), configuration)) {
                assertThat(next.base()).isNotEmpty();
                Bot.Message again = bot.next();

                assertThat(json(again).getString("type")).isEqualTo("invitation.expired");
                assertThat(again.id()).isEqualTo(lost.id());
                assertThat(again.body()).isEqualTo(lost.body());
            }
        }
    }

    private static JsonObject json(Bot.Message message) {
        try (var reader = Json.createReader(new StringReader(message.body()))) {
            return reader.readObject();
        }
    }
}
