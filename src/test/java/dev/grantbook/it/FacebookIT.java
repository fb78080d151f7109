package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.notice.meta.Signed;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Facebook: the walk with its Pages and its declined permissions, and everything that it tells us without being asked.
 */
@ArquillianTest
@RunAsClient
class FacebookIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String VERIFY_TOKEN = "a verify token & more";
    private static final String APP = "200300400500600";
    private static final String OTHER_APP = "900800700600500";
    private static final String HOME = "/sandbox/at/facebook/v24.0";
    private static final String SOUND_WEBHOOK = "{\"object\":\"page\",\"entry\":[]}";

    private static final Api BOT = Api.withKey("all");

    private final Visitor visitor = new Visitor();
    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return ProvidersSuite.war();
    }

    static Map<String, String> configuration() {
        return Map.of("it.verify-token", VERIFY_TOKEN);
    }

    /** What a user allows, the user allows to the app, so that each test begins with an app that nobody knows. */
    @AfterEach
    void everybodyRemovesTheApps() throws Exception {
        for (SandboxAccount account : SandboxAccount.values()) {
            for (String app : List.of(APP, OTHER_APP, "111222333444555")) {
                removeApp(account, app);
            }
        }
    }

    @AfterAll
    static void noSecretIsLogged() throws IOException {
        assertThat(Deployments.log()).doesNotContain(appSecret().value());
    }

    // The walk

    @Test
    void theUserDeclinesAPermissionIsToldAndIsAskedAgain() throws Exception {
        Reply outcome =
                arrive(visitor.allow(leave(BOT.link("inbox-bot", subject)), SandboxAccount.ALICE, "pages_messaging"));
        assertThat(outcome.body()).contains("To answer what people write to your Page.");
        JsonObject first = BOT.access("inbox-bot", subject);
        assertThat(first.getString("status")).isEqualTo("missing_scopes");
        assertThat(strings(first, "granted")).containsExactlyInAnyOrder("public_profile", "email", "pages_show_list");
        assertThat(strings(first.getJsonObject("missing"), "required")).containsExactly("pages_messaging");

        String dialog = visitor.submit(outcome, "Allow the rest").location();
        assertThat(query(dialog).get("auth_type")).isEqualTo("rerequest");
        arrive(visitor.allow(dialog, SandboxAccount.ALICE));

        JsonObject last = BOT.access("inbox-bot", subject);
        assertThat(last.getString("status")).isEqualTo("authorized");
        assertThat(last.getJsonObject("account").getString("name")).isEqualTo("Alice");
        assertThat(Instant.parse(last.getString("expires_at")))
                .as("the long-lived one")
                .isAfter(Instant.parse(last.getString("verified_at")).plusSeconds(59 * 86_400));
        assertThat(me(last.getString("access_token")).getString("id"))
                .isEqualTo(last.getJsonObject("account").getString("id"));
    }

    @Test
    @DisplayName("3.4 Facebook's tokens of Pages, and the user's in paging.next, come to no key that may not have them")
    void tokensInRepliesAreWithheld() throws Exception {
        arrive(visitor.allow(leave(BOT.link("inbox-bot", subject)), SandboxAccount.ALICE));
        String token = BOT.access("inbox-bot", subject).getString("access_token");
        String accounts = "/proxy/inbox-bot/" + subject + "/v24.0/me/accounts";
        Api bot = Api.withKey("proxy-only");

        Reply withheld = bot.get(accounts);
        JsonObject page = Api.json(withheld).getJsonArray("data").getJsonObject(0);
        Reply exchange = bot.get("/proxy/inbox-bot/" + subject + "/v24.0/oauth/access_token?fb_exchange_token=x");
        JsonObject shown = Api.json(BOT.get(accounts));

        assertThat(withheld.status()).as(withheld.body()).isEqualTo(200);
        assertThat(page.getString("id")).isNotEmpty();
        assertThat(page.getString("access_token")).isEqualTo("redacted");
        assertThat(Api.json(withheld).getJsonObject("paging").getString("next"))
                .contains("access_token=redacted&after=");
        assertThat(withheld.body()).doesNotContain(token);
        assertThat(exchange.status()).isEqualTo(403);
        assertThat(Api.json(exchange).getString("type")).isEqualTo("urn:grantbook:problem:token-withheld");
        assertThat(shown.getJsonObject("paging").getString("next")).contains(token);
        assertThat(shown.getJsonArray("data").getJsonObject(0).getString("access_token"))
                .isNotEqualTo("redacted");
    }

    @Test
    void theRequestIsInFacebooksDialect() throws Exception {
        URI dialog = URI.create(leave(BOT.link("inbox-bot", subject)));
        assertThat(dialog.getPath()).isEqualTo("/sandbox/at/facebook/v24.0/dialog/oauth");
        Parameters sent = Parameters.parse(dialog.getRawQuery());
        assertThat(sent.get("scope")).isEqualTo("public_profile,email,pages_show_list,pages_messaging");
        assertThat(sent.get("redirect_uri")).isEqualTo(Deployments.base() + "/connector/callback");
        assertThat(sent.get("code_challenge")).isNull();
        assertThat(sent.get("auth_type")).as("the first time").isNull();
    }

    @Test
    void aConfigurationTakesThePlaceOfTheScopes() throws Exception {
        String dialog = leave(BOT.link("business-bot", subject));
        assertThat(query(dialog).get("config_id")).isEqualTo("6677889900");
        assertThat(query(dialog).get("scope")).isNull();

        arrive(visitor.allow(dialog, SandboxAccount.ALICE));

        assertThat(strings(BOT.access("business-bot", subject), "granted"))
                .containsExactlyInAnyOrder("public_profile", "email", "pages_show_list", "pages_messaging");
    }

    @Test
    void withoutAskingForItAgainWhatWasDeclinedStaysDeclined() throws Exception {
        Reply outcome = arrive(visitor.allow(leave(BOT.link("other-app", subject)), SandboxAccount.ALICE, "email"));

        String dialog = visitor.submit(outcome, "Allow the rest").location();
        assertThat(query(dialog).get("auth_type")).isNull();
        arrive(visitor.allow(dialog, SandboxAccount.ALICE));

        assertThat(strings(BOT.access("other-app", subject).getJsonObject("missing"), "required"))
                .containsExactly("email");
    }

    @Test
    void whoeverRefusesSharesNothing() throws Exception {
        Reply callback = visitor.refuse(leave(BOT.link("inbox-bot", subject)));
        assertThat(query(callback.location()).get("error_reason")).isEqualTo("user_denied");

        assertThat(arrive(callback).status()).isEqualTo(200);
        assertThat(BOT.access("inbox-bot", subject).getString("status")).isEqualTo("not_authorized");
    }

    @Test
    void theTailOfTheAddressEndsAtTheCallback() throws Exception {
        Reply callback = visitor.allow(leave(BOT.link("inbox-bot", subject)), SandboxAccount.ALICE);
        assertThat(callback.location()).endsWith("#_=_");

        assertThat(visitor.get(callback.location()).location()).endsWith("#");
        Tab tab = browser.open(Device.PHONE);
        tab.go(BOT.link("twin-bot", subject))
                .press("Continue to Facebook")
                .press("Authorize")
                .sees("All set");
        assertThat(tab.page().url()).contains("/outcome/").doesNotContain("_=_");
    }

    // Pages

    @Test
    void thePagesAndTheirTokensComeAlong() throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);

        JsonArray pages = secondaryTokens(BOT, grant);

        assertThat(pages).hasSize(3);
        assertThat(pages.getValuesAs(JsonObject.class))
                .extracting(page -> page.getString("name"))
                .containsExactly("Corner Café", "Corner Café Weddings", "Zebra Books");
        JsonObject zebra = pages.getJsonObject(2);
        assertThat(zebra.getString("kind")).isEqualTo("page");
        assertThat(me(zebra.getString("access_token")).getString("id")).isEqualTo(zebra.getString("id"));

        assertThat(secondaryTokens(Api.withKey("status-only"), grant).getValuesAs(JsonObject.class))
                .hasSize(3)
                .allSatisfy(page -> assertThat(page).doesNotContainKey("access_token"));
        assertThat(Api.withKey("other-only")
                        .get("/grants/" + grant + "/secondary-tokens")
                        .status())
                .isEqualTo(404);
        assertThat(BOT.get("/grants/nothing/secondary-tokens").status()).isEqualTo(404);
    }

    @Test
    void whoMayNotSeeThePagesHasNone() throws Exception {
        arrive(visitor.allow(leave(BOT.link("twin-bot", subject)), SandboxAccount.ALICE));

        assertThat(secondaryTokens(BOT, BOT.grant("twin-bot", subject).getString("id")))
                .isEmpty();
    }

    @Test
    void disconnectingRemovesTheAppAndThePages() throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);
        String token = BOT.access("inbox-bot", subject).getString("access_token");

        assertThat(BOT.send("DELETE", "/grants/" + grant, "").status()).isEqualTo(204);

        assertThat(call("/me", token).body()).contains("\"code\":190");
        assertThat(secondaryTokens(BOT, grant)).isEmpty();
    }

    // The user removes the app at Facebook

    @Test
    void whoRemovesTheAppAtFacebookEndsTheGrantsOfEveryBotOfTheApp() throws Exception {
        String inbox = connect("inbox-bot", SandboxAccount.ALICE);
        String twin = connect("twin-bot", SandboxAccount.ALICE);
        String other = connect("other-app", SandboxAccount.ALICE);
        String bob = new FacebookIT().connect("inbox-bot", SandboxAccount.BOB);

        removeApp(SandboxAccount.ALICE, APP);

        for (String grant : List.of(inbox, twin)) {
            JsonObject ended = Api.json(BOT.get("/grants/" + grant));
            assertThat(ended.getString("status")).isEqualTo("revoked");
            JsonObject line = ended.getJsonArray("history").getJsonObject(0);
            assertThat(line.getString("event")).isEqualTo("disconnected");
            assertThat(line.getString("actor")).isEqualTo("provider");
            assertThat(secondaryTokens(BOT, grant)).isEmpty();
        }
        JsonObject access = BOT.access("inbox-bot", subject);
        assertThat(access.getString("status")).isEqualTo("revoked");
        assertThat(access).containsKey("link").doesNotContainKey("access_token");
        assertThat(status(other)).isEqualTo("active");
        assertThat(status(bob)).isEqualTo("active");
    }

    @Test
    void anOldNoticeDoesNotEndANewGrant() throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);
        String old = signed(account("inbox-bot"), -3600);

        assertThat(post("/notices/inbox-bot/deauthorize", old).status()).isEqualTo(200);

        assertThat(status(grant)).isEqualTo("active");
        assertThat(post("/notices/inbox-bot/deauthorize", signed(account("inbox-bot"), 0))
                        .status())
                .isEqualTo(200);
        assertThat(status(grant)).isEqualTo("revoked");
    }

    @Test
    void anUnknownAccountIsNoFault() throws Exception {
        assertThat(post("/notices/inbox-bot/deauthorize", signed("4711", 0)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deauthorize", "deletion"})
    void onlyTheAppItselfIsBelieved(String kind) throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);
        String account = account("inbox-bot");
        String sound = signed(account, 0);
        String address = "/notices/inbox-bot/" + kind;

        assertThat(post(address, Signed.request(payload(account, "HMAC-SHA256", 0), new Secret("another app's")))
                        .status())
                .isEqualTo(403);
        assertThat(post(address, "AAAA" + sound.substring(4)).status()).isEqualTo(403);
        assertThat(post(address, sound.substring(1)).status()).isIn(400, 403);
        assertThat(post(address, sound.substring(0, sound.length() - 1)).status())
                .isEqualTo(403);
        assertThat(post(address, signed(account, -90_000)).status()).isEqualTo(403);
        assertThat(post(address, signed(account, 3600)).status()).isEqualTo(403);
        assertThat(post(address, Signed.request(payload(account, "none", 0), appSecret()))
                        .status())
                .isEqualTo(400);
        assertThat(post(address, "nonsense").status()).isEqualTo(400);
        assertThat(post(address, "").status()).isEqualTo(400);
        Reply nothing = Http.at(Deployments.base()).postForm(address, Map.of());
        assertThat(nothing.status()).isEqualTo(400);
        assertThat(Api.json(nothing).getString("field")).isEqualTo("signed_request");
        assertThat(post(address, "x".repeat(40_000)).status()).isEqualTo(413);
        assertThat(Http.at(Deployments.base())
                        .with("Content-Type", "application/x-www-form-urlencoded")
                        .send("POST", address, "signed_request=%zz")
                        .status())
                .isEqualTo(400);
        assertThat(Http.at(Deployments.base()).postJson(address, "{}").status()).isEqualTo(415);
        assertThat(Http.at(Deployments.base()).get(address).status()).isEqualTo(405);

        assertThat(status(grant)).isEqualTo("active");
    }

    @ParameterizedTest
    @CsvSource({
        "/notices/mixin-bot/deauthorize",
        "/notices/mixin-bot/deletion",
        "/notices/mixin-bot/webhook",
        "/notices/nobody/deauthorize",
        "/notices/nobody/webhook",
        "/notices/inbox-bot/nothing"
    })
    void whereNoNoticeIsExpectedThereIsNothing(String address) throws Exception {
        assertThat(post(address, signed("4711", 0)).status()).isEqualTo(404);
    }

    // The user wants to be forgotten

    @Test
    void whoWantsToBeForgottenIsAndCanSeeIt() throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);
        String account = account("inbox-bot");
        String request = signed(account, 0);

        Reply answered = post("/notices/inbox-bot/deletion", request);

        assertThat(answered.status()).isEqualTo(200);
        String url = Api.json(answered).getString("url");
        assertThat(Api.json(answered).getString("confirmation_code")).matches("[0-9a-f]{64}");
        Reply page = visitor.get(url);
        assertThat(page.status()).isEqualTo(200);
        assertThat(Jsoup.parse(page.body()).text())
                .contains("Your data is deleted")
                .doesNotContain("Alice", account, subject);

        Reply erased = BOT.get("/grants/" + grant);
        assertThat(erased.body()).doesNotContain(account, "Alice").contains("erased", subject);
        assertThat(Api.json(erased).getString("status")).isEqualTo("revoked");
        assertThat(BOT.get("/grants/" + grant + "/secondary-tokens").body()).doesNotContain("Café");

        arrive(visitor.allow(leave(BOT.link("inbox-bot", subject)), SandboxAccount.ALICE));
        Reply again = post("/notices/inbox-bot/deletion", request);
        assertThat(again.body()).isEqualTo(answered.body());
        assertThat(BOT.access("inbox-bot", subject).getString("status"))
                .as("done once")
                .isEqualTo("authorized");
    }

    @Test
    void aLinkForAForgottenAccountIsGone() throws Exception {
        connect("inbox-bot", SandboxAccount.ALICE);
        String account = account("inbox-bot");
        String link = BOT.invite("{\"connector\":\"inbox-bot\",\"subject\":\"x\",\"account\":\"" + account + "\"}")
                .getString("url");

        post("/notices/inbox-bot/deletion", signed(account, 0));

        assertThat(visitor.get(link).body()).doesNotContain("Continue to Facebook");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "zz", "00000000000000000000000000000000000000000000000000000000000000aa"})
    void aCodeThatNobodyWasGivenSaysNothing(String code) throws Exception {
        assertThat(visitor.get("/notices/deletions/" + code).status()).isEqualTo(404);
    }

    // The webhook

    @Test
    void theWebhookGivesTheChallengeToWhoeverKnowsTheVerifyToken() throws Exception {
        Reply reply = Http.at(Deployments.base()).get(verification("inbox-bot", "subscribe", VERIFY_TOKEN));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("text/plain");
        assertThat(reply.body()).isEqualTo("1158201444");
    }

    @ParameterizedTest
    @CsvSource({
        "inbox-bot, subscribe, another token",
        "inbox-bot, subscribe, ''",
        "inbox-bot, unsubscribe, a verify token & more",
        "inbox-bot, '', a verify token & more",
        "twin-bot, subscribe, ''",
        "twin-bot, subscribe, a verify token & more"
    })
    void nobodyElseGetsIt(String connector, String mode, String token) throws Exception {
        Reply reply = Http.at(Deployments.base()).get(verification(connector, mode, token));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).doesNotContain("1158201444");
    }

    @Test
    void aWebhookIsTakenWhenItIsSigned() throws Exception {
        assertThat(webhook(SOUND_WEBHOOK, Signed.header(SOUND_WEBHOOK, appSecret()))
                        .status())
                .isEqualTo(200);
        String unlinked = "{\"object\":\"page\",\"entry\":[{\"messaging\":[{\"sender\":{\"id\":\"psid\"},"
                + "\"account_linking\":{\"status\":\"unlinked\"}}]}]}";
        assertThat(webhook(unlinked, Signed.header(unlinked, appSecret())).status())
                .isEqualTo(200);
        assertThat(webhook("[]", Signed.header("[]", appSecret())).status()).isEqualTo(400);
        assertThat(webhook("{", Signed.header("{", appSecret())).status()).isEqualTo(400);
    }

    @Test
    void aWebhookIsRefusedWhenItIsNot() throws Exception {
        assertThat(webhook(SOUND_WEBHOOK, "").status()).isEqualTo(403);
        assertThat(webhook(SOUND_WEBHOOK, Signed.header(SOUND_WEBHOOK, new Secret("another app's")))
                        .status())
                .isEqualTo(403);
        assertThat(webhook(SOUND_WEBHOOK + " ", Signed.header(SOUND_WEBHOOK, appSecret()))
                        .status())
                .isEqualTo(403);
        assertThat(Http.at(Deployments.base())
                        .postJson("/notices/inbox-bot/webhook", SOUND_WEBHOOK)
                        .status())
                .isEqualTo(403);
        String endless = "x".repeat(3 * 1024 * 1024 + 1);
        assertThat(webhook(endless, Signed.header(endless, appSecret())).status())
                .isEqualTo(413);
    }

    @Test
    void aPermissionThatWasTakenBackAtFacebookIsMissingAfterItsNotice() throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);
        visitor.post(
                "/sandbox/at/facebook/authorizations",
                Map.of(
                        "account",
                        SandboxAccount.ALICE.id,
                        "client_id",
                        APP,
                        "scope",
                        "pages_messaging",
                        "decision",
                        "withdraw"));
        String notice = "{\"object\":\"permissions\",\"entry\":[{\"time\":1795341600,\"uid\":\"" + account("inbox-bot")
                + "\",\"changes\":[{\"field\":\"pages_messaging\",\"value\":{\"verb\":\"revoked\"}}]}]}";

        assertThat(webhook(notice, Signed.header(notice, appSecret())).status()).isEqualTo(200);

        // The look happens behind the answer.
        Patience.until(
                () -> strings(Api.json(BOT.get("/grants/" + grant)), "granted"),
                granted -> !granted.contains("pages_messaging"));
        assertThat(strings(BOT.access("inbox-bot", subject).getJsonObject("missing"), "required"))
                .containsExactly("pages_messaging");
        assertThat(Api.json(BOT.get("/grants/" + grant))
                        .getJsonArray("history")
                        .getJsonObject(0)
                        .getString("actor"))
                .isEqualTo("provider");
    }

    // What people see

    static Stream<Named<Device>> devices() {
        return Stream.of(
                Named.of("small phone in the dark", Device.SMALL_PHONE.dark()), Named.of("desktop", Device.DESKTOP));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void thePageOnADeletionIsOpenToEverybody(Device device) throws Exception {
        String url =
                Api.json(post("/notices/inbox-bot/deletion", signed("4711", 0))).getString("url");
        AuditedTab tab = browser.openForAudit(device);
        tab.go(url).sees("Your data is deleted").fits().screenshot("deletion-" + device.width());
        tab.axe();
        tab.go("/notices/deletions/" + "0".repeat(64)).sees("Request not found").fits();
        tab.axe();
        browser.open(device.speaking("zh-CN"))
                .go(url)
                .sees("你的数据已删除")
                .fits()
                .screenshot("deletion-zh-" + device.width());
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theConsoleShowsThePagesAndWhatToPaste(Device device) throws Exception {
        String grant = connect("inbox-bot", SandboxAccount.ALICE);
        AuditedTab tab = browser.openForAudit(device);
        tab.go("/sign-in")
                .fill("Name", "admin")
                .fill("Password", ProvidersSuite.PASSWORD)
                .press("Sign in");
        tab.go("/console/grants/" + grant)
                .sees("Corner Café Weddings")
                .fits()
                .screenshot("console-secondary-tokens-" + device.width());
        tab.axe();
        tab.go("/console/connectors")
                .sees(Deployments.base() + "/connector/callback")
                .sees(Deployments.base() + "/notices/inbox-bot/webhook")
                .sees(Deployments.base() + "/notices/inbox-bot/deauthorize")
                .sees(Deployments.base() + "/notices/inbox-bot/deletion")
                .sees("env:it.verify-token")
                .sees("public_profile,email,pages_show_list,pages_messaging")
                .sees("Not set; the webhook cannot be verified")
                .seesNo(VERIFY_TOKEN)
                .fits()
                .screenshot("console-setup-" + device.width());
        // A long page; in the dark ConsoleIT looks at one like it.
        if (device.equals(Device.DESKTOP)) {
            tab.axe();
        }
    }

    // Helpers of this story

    private String connect(String connector, SandboxAccount account) throws IOException, InterruptedException {
        arrive(visitor.allow(leave(BOT.link(connector, subject)), account));
        return BOT.grant(connector, subject).getString("id");
    }

    /** From the link to the dialog: its address. */
    private String leave(String link) throws IOException, InterruptedException {
        return visitor.submit(visitor.get(link), "Continue to Facebook").location();
    }

    /** From the redirect to the callback to the outcome. */
    private Reply arrive(Reply callback) throws IOException, InterruptedException {
        return visitor.get(visitor.get(callback.location()).location());
    }

    /** The provider's id of the account that this test's subject connected. */
    private String account(String connector) throws IOException, InterruptedException {
        return BOT.access(connector, subject).getJsonObject("account").getString("id");
    }

    private static String status(String grant) throws IOException, InterruptedException {
        return Api.json(BOT.get("/grants/" + grant)).getString("status");
    }

    private void removeApp(SandboxAccount account, String app) throws IOException, InterruptedException {
        Reply done =
                visitor.post("/sandbox/at/facebook/authorizations", Map.of("account", account.id, "client_id", app));
        assertThat(done.status()).isEqualTo(303);
    }

    private static JsonArray secondaryTokens(Api bot, String grant) throws IOException, InterruptedException {
        Reply reply = bot.get("/grants/" + grant + "/secondary-tokens");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Api.json(reply).getJsonArray("secondary_tokens");
    }

    private static JsonObject me(String token) throws IOException, InterruptedException {
        return Api.json(call("/me", token));
    }

    /** As a bot whose app demands the proof. */
    private static Reply call(String path, String token) throws IOException, InterruptedException {
        return Http.at(Deployments.base())
                .with("Authorization", "Bearer " + token)
                .get(HOME + path + "?appsecret_proof=" + appSecret().hmacSha256(token));
    }

    private static Reply post(String address, String signedRequest) throws IOException, InterruptedException {
        return Http.at(Deployments.base()).postForm(address, Map.of("signed_request", signedRequest));
    }

    private static Reply webhook(String body, String signature) throws IOException, InterruptedException {
        return Http.at(Deployments.base())
                .with("X-Hub-Signature-256", signature)
                .postJson("/notices/inbox-bot/webhook", body);
    }

    private static String verification(String connector, String mode, String token) {
        return new Parameters()
                .with("hub.mode", mode)
                .with("hub.verify_token", token)
                .with("hub.challenge", "1158201444")
                .appendTo(URI.create(Deployments.base() + "/notices/" + connector + "/webhook"))
                .toString();
    }

    private static String signed(String account, long age) throws IOException {
        return Signed.request(payload(account, "HMAC-SHA256", age), appSecret());
    }

    private static String payload(String account, String algorithm, long age) {
        return "{\"user_id\":\"" + account + "\",\"algorithm\":\"" + algorithm + "\",\"issued_at\":"
                + (Instant.now().getEpochSecond() + age) + "}";
    }

    private static Secret appSecret() throws IOException {
        return new Secret(Files.readString(ProvidersSuite.data.resolve("sandbox-client-secret"))
                .strip());
    }

    private static List<String> strings(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }

    private static Parameters query(String address) {
        return Parameters.parse(URI.create(address).getRawQuery());
    }
}
