package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bot's back end can rely on: repeats, limits, lists, and what it wanted to be told again. */
@ArquillianTest
@RunAsClient
class BotApiIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final Api BOT = Api.withKey("all");

    private final Visitor visitor = new Visitor();

    /** A subject of its own for every test. */
    private final String subject = "subject-" + UUID.randomUUID();

    private final String key = UUID.randomUUID().toString();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return PostgreSqlSuite.war();
    }

    // The doctor

    @Test
    void aConnectorIsTriedWithoutAUser() throws Exception {
        JsonObject sound = checked("demo-mixin");
        assertThat(sound.getBoolean("sound")).as(sound.toString()).isTrue();
        assertThat(sound.toString()).contains("/oauth/callback/demo-mixin", "only refused the code that was made up");

        JsonObject wrong = checked("wrong-secret");
        assertThat(wrong.getBoolean("sound")).as(wrong.toString()).isFalse();
        assertThat(wrong.toString()).contains("does not take the client's authentication");

        JsonObject away = checked("unreachable");
        assertThat(away.getBoolean("sound")).as(away.toString()).isFalse();
        assertThat(away.toString()).contains("The token endpoint cannot be used");

        assertThat(BOT.send("POST", "/connectors/nobody:check", "").status()).isEqualTo(404);
        assertThat(Api.withKey("status-only")
                        .send("POST", "/connectors/standard:check", "")
                        .status())
                .isEqualTo(403);
    }

    private static JsonObject checked(String connector) throws Exception {
        Reply reply = BOT.send("POST", "/connectors/" + connector + ":check", "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Api.json(reply);
    }

    // The code

    static Stream<Named<Device>> devices() {
        return Stream.of(
                Named.of("phone", Device.PHONE.speaking("zh-CN")),
                Named.of("small phone in the dark", Device.SMALL_PHONE.dark()),
                Named.of("desktop", Device.DESKTOP));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theUserReadsTheCodeAndTheBotHandsItOver(Device device) throws Exception {
        AuditedTab tab = browser.openForAudit(device);
        tab.go(BOT.link("by-code", subject).toString());
        tab.page().locator("main button").first().click();
        tab.page()
                .locator("button:has-text(\"Authorize\"), button:has-text(\"授权\")")
                .first()
                .click();
        tab.page().locator(".handover").waitFor();
        tab.fits();
        tab.axe();
        tab.screenshot("code-" + device.width() + "-" + device.locale());

        String code = tab.page().locator(".handover").innerText();
        Reply confirmed = BOT.send(
                "POST",
                "/confirmations",
                "{\"connector\":\"by-code\",\"subject\":\"" + subject + "\",\"code\":\"" + code + "\"}");

        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        assertThat(tab.complaints()).isEmpty();
    }

    // Repeating

    @Test
    void aRepeatedInvitationIsMadeOnce() throws Exception {
        Reply first = repeatable(key, "/invitations", question());
        Reply second = repeatable(key, "/invitations", question());

        assertThat(first.status()).as(first.body()).isEqualTo(201);
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Content-Type")).startsWith("application/json");
        assertThat(Api.json(repeatable(key + "-2", "/invitations", question())).getString("id"))
                .as("another key is another request")
                .isNotEqualTo(Api.json(first).getString("id"));
    }

    @Test
    void aKeyIsForOneRequest() throws Exception {
        repeatable(key, "/invitations", question());

        Reply otherBody = repeatable(key, "/invitations", question().replace(subject, "other"));
        Reply otherPath = repeatable(key, "/access", question());

        assertThat(otherBody.status()).isEqualTo(422);
        assertThat(Api.json(otherBody).getString("type")).isEqualTo("urn:grantbook:problem:idempotency-key-reused");
        assertThat(otherPath.status()).isEqualTo(422);
    }

    @Test
    void aKeyIsTheCallersOwn() throws Exception {
        repeatable(key, "/invitations", question());

        Reply other = Api.withKey("no-token").with("Idempotency-Key", key).send("POST", "/invitations", question());

        assertThat(other.status()).isEqualTo(201);
        assertThat(other.headers().firstValue("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void aRefusalIsRepeatedToo() throws Exception {
        String wrong = "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\",\"features\":[\"none\"]}";

        Reply first = repeatable(key, "/invitations", wrong);
        Reply second = repeatable(key, "/invitations", wrong);

        assertThat(first.status()).isEqualTo(400);
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Content-Type")).startsWith("application/problem+json");
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void aRefusalAsThingsAreIsNotRepeated() throws Exception {
        sql(
                "INSERT INTO delivery (number, id, type, connector, line, subject, body, state, created_at, since, due_at, tries,"
                        + " version) VALUES (nextval('delivery_number'), '" + key
                        + "', 'grant.created', 'demo-mixin', 'a grant', '"
                        + subject + "', '{}', 'WAITING', now(), now(), now() + INTERVAL '1 hour', 0, 1)");
        String path = "/deliveries/" + key + "/replay";

        Reply waits = repeatable(key, path, "");
        sql("UPDATE delivery SET state = 'PARKED' WHERE id = '" + key + "'");
        Reply parked = repeatable(key, path, "");

        assertThat(waits.status()).as(waits.body()).isEqualTo(409);
        assertThat(parked.status()).as(parked.body()).isEqualTo(202);
    }

    @Test
    void aPageIsNotRepeatedAsJson() throws Exception {
        Api browser = BOT.with("Idempotency-Key", key).with("Accept", "text/html, application/json");

        browser.send("POST", "/invitations", "[]");
        Reply second = browser.send("POST", "/invitations", "[]");

        assertThat(second.status()).isEqualTo(400);
        assertThat(second.header("Content-Type")).startsWith("text/html");
    }

    @Test
    void ofManyAtOnceOneIsDone() throws Exception {
        int callers = 5;
        var barrier = new CyclicBarrier(callers);
        Callable<Reply> call = () -> {
            barrier.await();
            return repeatable(key, "/invitations", question());
        };
        var pool = Executors.newFixedThreadPool(callers);
        var bodies = new ArrayList<String>();
        try {
            for (var pending : pool.invokeAll(List.of(call, call, call, call, call))) {
                Reply reply = pending.get();
                assertThat(reply.status()).as(reply.body()).isIn(201, 409);
                if (reply.status() == 201) {
                    bodies.add(reply.body());
                } else {
                    assertThat(Api.json(reply).getString("type"))
                            .isEqualTo("urn:grantbook:problem:idempotency-key-running");
                }
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(bodies).isNotEmpty();
        assertThat(bodies.stream().distinct()).hasSize(1);
        assertThat(repeatable(key, "/invitations", question()).body()).isEqualTo(bodies.get(0));
    }

    @Test
    void noTokenIsKeptForARepeat() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        Reply first = repeatable(key, "/access", question());
        assertThat(Api.json(first)).containsKey("access_token");
        BOT.send("DELETE", "/grants/" + BOT.grant("demo-mixin", subject).getString("id"), "");

        Reply second = repeatable(key, "/access", question());

        assertThat(second.status()).isEqualTo(200);
        assertThat(Api.json(second).getString("status")).isEqualTo("revoked");
        assertThat(Api.json(second)).doesNotContainKey("access_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "with\ttab"})
    void aKeyThatIsNoneIsRefused(String bad) throws Exception {
        Reply reply = repeatable(bad, "/invitations", question());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(Api.json(reply).getString("field")).isEqualTo("Idempotency-Key");
    }

    // Resume data

    @Test
    void theBotIsToldAgainWhatTheUserWanted() throws Exception {
        String question = "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject
                + "\",\"context\":{\"say\":\"pay 5 to Bob\",\"list\":[1,null,\"帳\"]}}";
        JsonObject context = json("{\"say\":\"pay 5 to Bob\",\"list\":[1,null,\"帳\"]}");
        JsonObject invitation = BOT.invite(question);
        assertThat(invitation.getJsonObject("context")).isEqualTo(context);
        assertThat(BOT.access("demo-mixin", subject)).doesNotContainKey("context");

        visitor.finish(invitation.getString("url"), SandboxAccount.ALICE);

        JsonObject access = BOT.access("demo-mixin", subject);
        assertThat(access.getJsonObject("context")).isEqualTo(context);
        assertThat(access.getString("invitation")).isEqualTo(invitation.getString("id"));
        assertThat(Api.json(BOT.get("/invitations/" + invitation.getString("id")))
                        .getJsonObject("context"))
                .isEqualTo(context);
    }

    @Test
    void ofTwoLinksTheContextIsThatOfTheOneThatWasFinishedLast() throws Exception {
        JsonObject pay = BOT.invite(withContext("pay"));
        JsonObject assets = BOT.invite(withContext("assets"));

        visitor.finish(assets.getString("url"), SandboxAccount.ALICE);
        visitor.finish(pay.getString("url"), SandboxAccount.ALICE);

        JsonObject access = BOT.access("demo-mixin", subject);
        assertThat(access.getString("context")).isEqualTo("pay");
        assertThat(access.getString("invitation")).isEqualTo(pay.getString("id"));
    }

    @Test
    void textIsContextToo() throws Exception {
        String question = "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\",\"context\":\"show assets\"}";
        visitor.finish(BOT.access(question).getJsonObject("link").getString("url"), SandboxAccount.ALICE);

        assertThat(BOT.access("demo-mixin", subject).getString("context")).isEqualTo("show assets");
    }

    @Test
    void tooMuchContextIsRefused() throws Exception {
        String fits = "x".repeat(4094);
        Reply exact = BOT.send("POST", "/invitations", withContext(fits));
        Reply more = BOT.send("POST", "/invitations", withContext(fits + "x"));

        assertThat(exact.status()).as(exact.body()).isEqualTo(201);
        assertThat(more.status()).isEqualTo(400);
        assertThat(Api.json(more).getString("field")).isEqualTo("context");
    }

    // Lists and copies

    @Test
    void aGrantThatIsTheSameIsNotSentAgain() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        String path = "/grants/" + BOT.grant("demo-mixin", subject).getString("id");
        String tag = BOT.get(path).header("ETag");

        Reply same = BOT.with("If-None-Match", tag).get(path);
        BOT.send("DELETE", path, "");
        Reply changed = BOT.with("If-None-Match", tag).get(path);

        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.header("ETag")).isEqualTo(tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void aGrantThatChangedMeanwhileIsNotEnded() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE, "ASSETS:READ");
        String path = "/grants/" + BOT.grant("demo-mixin", subject).getString("id");
        String old = BOT.get(path).header("ETag");
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);

        Reply kept = BOT.with("If-Match", old).send("DELETE", path, "");
        Reply any = BOT.with("If-Match", "*").get(path);
        Reply other = BOT.with("If-Match", old).get(path);
        Reply ended = BOT.with("If-Match", any.header("ETag")).send("DELETE", path, "");

        assertThat(List.of(kept, other)).allSatisfy(reply -> {
            assertThat(reply.status()).as(reply.body()).isEqualTo(412);
            assertThat(Api.json(reply).getString("type")).isEqualTo("urn:grantbook:problem:changed-meanwhile");
        });
        assertThat(any.status()).isEqualTo(200);
        assertThat(Api.json(any).getString("status")).isEqualTo("active");
        assertThat(ended.status()).as(ended.body()).isEqualTo(204);
        assertThat(Api.json(BOT.get(path)).getString("status")).isEqualTo("revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-Match", "If-None-Match"})
    void aTagThatIsNoneIsRefused(String header) throws Exception {
        Reply reply = BOT.with(header, "\"no end").get("/grants");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(Api.json(reply).getString("field")).isEqualTo(header);
    }

    @Test
    void whereALinkIsToldOfDoesNotDependOnHowItWasAskedFor() throws Exception {
        Reply made = BOT.with("Host", "elsewhere.example").send("POST", "/invitations", question());

        assertThat(made.location())
                .isEqualTo(Deployments.base() + "/api/v1/invitations/"
                        + Api.json(made).getString("id"));
    }

    @Test
    void manySubjectsAreAskedForAtOnce() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);

        JsonObject all = Api.json(BOT.send("POST", "/access:batch", batch("\"nobody\",\"" + subject + "\"")));

        assertThat(all.getJsonArray("answers")).hasSize(2);
        JsonObject nobody = all.getJsonArray("answers").getJsonObject(0);
        assertThat(nobody.getString("subject")).isEqualTo("nobody");
        assertThat(nobody.getString("status")).isEqualTo("not_authorized");
        assertThat(nobody).doesNotContainKey("link");
        JsonObject alice = all.getJsonArray("answers").getJsonObject(1);
        assertThat(alice.getString("status")).isEqualTo("authorized");
        assertThat(alice.getString("access_token"))
                .isEqualTo(BOT.access("demo-mixin", subject).getString("access_token"));
        JsonObject withoutToken =
                Api.json(Api.withKey("no-token").send("POST", "/access:batch", batch("\"" + subject + "\"")));
        assertThat(withoutToken.getJsonArray("answers").getJsonObject(0)).doesNotContainKey("access_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"a\",\"a\"", "\"\"", "7"})
    void aListOfSubjectsThatIsNoneIsRefused(String subjects) throws Exception {
        Reply reply = BOT.send("POST", "/access:batch", batch(subjects));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(Api.json(reply).getString("field")).startsWith("subjects");
    }

    @Test
    void aListOfSubjectsHasAnEnd() throws Exception {
        var subjects = new ArrayList<String>();
        for (int i = 0; i < 500; i++) {
            subjects.add("\"" + "帳".repeat(200) + i + "\"");
        }
        Reply longest = BOT.send("POST", "/access:batch", batch(String.join(",", subjects)));
        subjects.add("\"one-more\"");
        Reply more = BOT.send("POST", "/access:batch", batch(String.join(",", subjects)));

        assertThat(longest.status()).as(longest.body()).isEqualTo(200);
        assertThat(Api.json(longest).getJsonArray("answers")).hasSize(500);
        assertThat(more.status()).isEqualTo(400);
        assertThat(Api.json(more).getString("field")).isEqualTo("subjects");
    }

    @Test
    void aTokenThatNobodyCanOpenKeepsNoOtherBack() throws Exception {
        String sealedWrong = subject + "-2";
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        visitor.finish(BOT.link("demo-mixin", sealedWrong), SandboxAccount.ALICE);
        sql("UPDATE user_grant SET access_token = (SELECT access_token FROM user_grant WHERE subject = '" + subject
                + "') WHERE subject = '" + sealedWrong + "'");

        Reply all = BOT.send("POST", "/access:batch", batch("\"" + sealedWrong + "\",\"" + subject + "\""));
        Reply one = BOT.send("POST", "/access", question().replace(subject, sealedWrong));

        assertThat(all.status()).as(all.body()).isEqualTo(200);
        var answers = Api.json(all).getJsonArray("answers");
        assertThat(answers.getJsonObject(0)).containsKey("retry_at").doesNotContainKey("access_token");
        assertThat(answers.getJsonObject(1)).containsKey("access_token").doesNotContainKey("retry_at");
        assertThat(one.status()).isEqualTo(503);
        assertThat(Api.json(one).getString("type")).isEqualTo("urn:grantbook:problem:no-fresh-token");
    }

    @Test
    void aHandleIsNotUsedUpBeforeThereIsAnAnswer() throws Exception {
        String start = "/oauth/start/demo-mixin?return_to=https://app.example.com/chat";
        Reply callback = visitor.allow(visitor.get(start).location(), SandboxAccount.BOB);
        String back = visitor.get(callback.location()).location();
        String handle = back.substring(back.indexOf("attempt=") + "attempt=".length());
        String bob = "' WHERE connector = 'demo-mixin' AND subject = '" + SandboxAccount.BOB.id + "'";
        sql("UPDATE user_grant SET refreshable = TRUE, retry_at = now() + INTERVAL '1 hour',"
                + " expires_at = now() - INTERVAL '1 second" + bob);

        Reply early = BOT.get("/attempts/" + handle);
        sql("UPDATE user_grant SET expires_at = now() + INTERVAL '1 hour" + bob);
        Reply again = BOT.get("/attempts/" + handle);

        assertThat(early.status()).as(early.body()).isEqualTo(503);
        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(Api.json(again)).containsKey("access_token");
        assertThat(BOT.get("/attempts/" + handle).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @MethodSource("repliesThatNoParserTakes")
    void aReplyThatNoParserTakesSaysNothing(String reply) throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        String path = "/grants/" + BOT.grant("demo-mixin", subject).getString("id") + "/rejected";
        JsonObject report =
                Json.createObjectBuilder().add("status", 401).add("body", reply).build();

        Reply answer = BOT.send("POST", path, report.toString());

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    static Stream<Named<String>> repliesThatNoParserTakes() {
        return Stream.of(
                Named.of("too deep", "{\"a\":".repeat(1200)),
                Named.of("too many digits", "{\"error\":{\"code\":" + "9".repeat(1200) + "}}"),
                Named.of("no object", "[]"),
                Named.of("no JSON", "<html>"));
    }

    @ParameterizedTest
    @DisplayName("4.7 A crafted cursor, id or parameter is the caller's fault, never the database's")
    @ValueSource(
            strings = {
                // A moment and a subject that no database has: "+1000000000-12-31T23:59:59Z x y", "2026-01-01T00:00:00Z
                // x NUL".
                "/api/v1/grants?cursor=KzEwMDAwMDAwMDAtMTItMzFUMjM6NTk6NTlaIHggeQ",
                "/api/v1/grants?cursor=MjAyNi0wMS0wMVQwMDowMDowMFogeCAA",
                "/api/v1/installations?cursor=Ym90IAA",
                "/api/v1/deliveries?cursor=9999999999999999999",
                "/api/v1/grants/%00",
                "/api/v1/grants/%00/secondary-tokens",
                "/api/v1/invitations/%00",
                "/api/v1/deliveries?connector=%00",
                "/api/v1/subjects/%00",
                "/oauth/start/%00",
                "/oauth/jwks/%00",
                "/oauth/callback/%00?code=x&state=y",
                "/outcome/unknown?connector=%00",
                "/channels/apple/%00/callback?code=x&state=y",
                "/notices/%00/webhook?hub.mode=subscribe"
            })
    void whatNoDatabaseTakesIsTheCallersFault(String address) throws Exception {
        Reply reply = Http.at(Deployments.base())
                .with("Authorization", "Bearer " + Secrets.noted("key-all"))
                .get(address);

        assertThat(reply.status()).as(reply.body()).isLessThan(500);
        assertThat(reply.status() == 400 || !address.contains("cursor"))
                .as(reply.body())
                .isTrue();
    }

    // Limits

    @Test
    void aKeyThatAsksTooOftenHasToWait() throws Exception {
        Api slow = Api.withKey("slow");
        Reply first = slow.get("/grants");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"key\";q=3;w=60");
        assertThat(first.header("RateLimit")).matches("\"key\";r=2;t=[1-9][0-9]?");
        // A minute may end in between, so that there are three more at most before one is refused.
        Reply last = first;
        for (int i = 0; i < 7 && last.status() == 200; i++) {
            last = slow.get("/grants");
        }

        assertThat(last.status()).isEqualTo(429);
        assertThat(Api.json(last).getString("type")).isEqualTo("urn:grantbook:problem:rate-limited");
        assertThat(last.header("Retry-After")).matches("[1-9][0-9]?");
        assertThat(last.header("RateLimit")).contains("r=0;");
        assertThat(BOT.get("/grants").status()).as("another key").isEqualTo(200);
    }

    private String question() {
        return "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\"}";
    }

    private String withContext(String text) {
        return "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\",\"context\":\"" + text + "\"}";
    }

    private static String batch(String subjects) {
        return "{\"connector\":\"demo-mixin\",\"subjects\":[" + subjects + "]}";
    }

    private static void sql(String update) throws SQLException {
        PostgreSql.Database known = PostgreSqlSuite.database();
        try (var connection = DriverManager.getConnection(known.url(), known.user(), known.password());
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(update)).isEqualTo(1);
        }
    }

    private static Reply repeatable(String key, String path, String body) throws IOException, InterruptedException {
        return BOT.with("Idempotency-Key", key).send("POST", path, body);
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
