package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A web app's page shows Telegram's older login widget, and the bot's link is then for that account alone. */
@ArquillianTest
@RunAsClient
class AccountProofsIT {

    private static final Api BOT = Api.withKey("all");

    /** Alice's at the emulated Telegram. */
    private static final String ALICE = "7000100001";

    private final Visitor visitor = new Visitor();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return ProvidersSuite.war();
    }

    @Test
    void aProofNamesTheAccountAndMayBeShownAgain() throws Exception {
        JsonObject question = question(alice(Instant.now()));

        Reply first = prove(question);
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(Api.json(first).getJsonObject("account").getString("id")).isEqualTo(ALICE);
        assertThat(Api.json(first).getJsonObject("account").getString("name")).isEqualTo("Alice");
        assertThat(prove(question).body()).isEqualTo(first.body());
    }

    @Test
    void whoeverElseFollowsTheLinkIsRefused() throws Exception {
        String account = Api.json(prove(question(alice(Instant.now()))))
                .getJsonObject("account")
                .getString("id");
        String subject = "web-visitor";
        String invitation = BOT.invite(Json.createObjectBuilder()
                        .add("connector", "telegram")
                        .add("subject", subject)
                        .add("account", account)
                        .build()
                        .toString())
                .getString("url");

        finish(invitation, SandboxAccount.BOB);
        assertThat(BOT.access("telegram", subject).getString("status")).isEqualTo("not_authorized");
        finish(invitation, SandboxAccount.ALICE);
        assertThat(BOT.access("telegram", subject).getString("status")).isEqualTo("authorized");
    }

    @ParameterizedTest
    @CsvSource({
        "id, 7000100002",
        "first_name, Bob",
        "username, alice",
        "hash, 0000000000000000000000000000000000000000000000000000000000000000"
    })
    void aFieldThatWasChangedIsRefusedByName(String field, String value) throws Exception {
        Map<String, String> data = alice(Instant.now());
        data.put(field, value);

        assertRefused(prove(question(data)), "data.hash");
    }

    @Test
    void aProofOfTheDayBeforeYesterdayIsTooOld() throws Exception {
        assertRefused(prove(question(alice(Instant.now().minusSeconds(2 * 86_400)))), "data.auth_date");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | connector",
                "{\"connector\":\"telegram\"} | data",
                "{\"connector\":\"telegram\",\"data\":[]} | data",
                "{\"connector\":\"telegram\",\"data\":{}} | data",
                "{\"connector\":\"telegram\",\"data\":{\"id\":1}} | data.hash",
                "{\"connector\":\"telegram\",\"data\":{\"id\":{}}} | data.id",
                "{\"connector\":\"telegram\",\"data\":{\"First Name\":\"A\"}} | data",
                "{\"connector\":\"telegram\",\"data\":{\"id\":1},\"more\":1} | more",
                "{\"connector\":\"discord\",\"data\":{\"id\":1}} | connector",
                "{\"connector\":\"nobody\",\"data\":{\"id\":1}} | connector"
            })
    void whatCannotBeUsedIsRefusedByName(String body, String field) throws Exception {
        assertRefused(BOT.send("POST", "/account-proofs", body), field);
    }

    @ParameterizedTest
    @CsvSource({"status-only, permission-missing", "other-only, connector-not-allowed"})
    void whoeverMayNotInviteMayNotAsk(String key, String problem) throws Exception {
        Reply reply = Api.withKey(key)
                .send("POST", "/account-proofs", question(alice(Instant.now())).toString());

        assertThat(reply.status()).isEqualTo(403);
        assertThat(Api.json(reply).getString("type")).isEqualTo("urn:grantbook:problem:" + problem);
    }

    @Test
    void theBotTokenIsNeverLogged() throws Exception {
        prove(question(alice(Instant.now())));

        assertThat(Deployments.log()).isNotEmpty().doesNotContain(Connectors.TELEGRAM_BOT_TOKEN);
    }

    private void finish(String invitation, SandboxAccount account) throws IOException, InterruptedException {
        String consent =
                visitor.submit(visitor.get(invitation), "Continue to Telegram").location();
        visitor.get(visitor.get(visitor.allow(consent, account).location()).location());
    }

    private static Reply prove(JsonObject question) throws IOException, InterruptedException {
        return BOT.send("POST", "/account-proofs", question.toString());
    }

    private static void assertRefused(Reply reply, String field) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(Api.json(reply).getString("field")).isEqualTo(field);
    }

    private static JsonObject question(Map<String, String> data) {
        var fields = Json.createObjectBuilder();
        data.forEach(fields::add);
        return Json.createObjectBuilder()
                .add("connector", "telegram")
                .add("data", fields)
                .build();
    }

    /** What the widget tells the page: Telegram's page on it says how it is signed. */
    private static Map<String, String> alice(Instant signedAt) throws GeneralSecurityException {
        var data = new TreeMap<>(
                Map.of("id", ALICE, "first_name", "Alice", "auth_date", String.valueOf(signedAt.getEpochSecond())));
        String signed = data.entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining("\n"));
        byte[] key = MessageDigest.getInstance("SHA-256").digest(Connectors.TELEGRAM_BOT_TOKEN.getBytes(UTF_8));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        data.put("hash", HexFormat.of().formatHex(mac.doFinal(signed.getBytes(UTF_8))));
        return data;
    }
}
