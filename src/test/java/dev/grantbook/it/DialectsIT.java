package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Secret;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The emulated providers by themselves, with requests written by hand: what a provider refuses is refused here, in its
 * words. Otherwise a walk through the sandbox would prove nothing.
 */
@ArquillianTest
@RunAsClient
class DialectsIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    /** RFC 7636 appendix B, and what it makes. */
    private static final Secret VERIFIER = new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

    private static final String CHALLENGE = new Pkce(VERIFIER).s256();

    /**
     * One mistake in a token request.
     *
     * @param what the mistake, for people
     * @param refusal what is in the reply
     */
    record Mistake(String provider, String what, UnaryOperator<TokenCall> made, String refusal) {

        @Override
        public String toString() {
            return provider + ": " + what;
        }
    }

    static final List<Mistake> MISTAKES = List.of(
            new Mistake("github", "wrong secret", wrongSecret(), "incorrect_client_credentials"),
            new Mistake("github", "wrong code", with("code", "guessed"), "bad_verification_code"),
            new Mistake("github", "no verifier", without("code_verifier"), "bad_verification_code"),
            new Mistake("github", "wrong verifier", with("code_verifier", CHALLENGE), "bad_verification_code"),
            new Mistake("github", "wrong redirect URI", elsewhere(), "redirect_uri_mismatch"),
            new Mistake("intercom", "secret in the header", TokenCall::secretInHeader, "Unauthorized Client"),
            new Mistake("intercom", "wrong secret", wrongSecret(), "Unauthorized Client"),
            new Mistake("intercom", "wrong code", with("code", "guessed"), "Unauthorized Code"),
            new Mistake("slack", "JSON", TokenCall::asJson, "invalid_form_data"),
            new Mistake("slack", "wrong secret", call -> call.basic("slack-client", "guessed"), "bad_client_secret"),
            new Mistake("slack", "wrong client", call -> call.basic("xeno-client", "guessed"), "invalid_client_id"),
            new Mistake("slack", "wrong code", with("code", "guessed"), "invalid_code"),
            new Mistake("slack", "wrong redirect URI", elsewhere(), "bad_redirect_uri"),
            new Mistake("slack", "no redirect URI", without("redirect_uri"), "bad_redirect_uri"),
            new Mistake("slack", "another grant", with("grant_type", "password"), "invalid_grant_type"),
            new Mistake("xeno", "JSON", TokenCall::asJson, "invalid_request"),
            new Mistake("xeno", "secret in the header", TokenCall::secretInHeader, "invalid_client"),
            new Mistake("xeno", "wrong secret", wrongSecret(), "invalid_client"),
            new Mistake("xeno", "wrong code", with("code", "guessed"), "invalid_grant"),
            new Mistake("xeno", "wrong redirect URI", elsewhere(), "invalid_grant"),
            new Mistake("xeno", "no redirect URI", without("redirect_uri"), "invalid_grant"),
            new Mistake("zoom", "JSON", TokenCall::asJson, "unsupported_grant_type"),
            new Mistake("zoom", "secret in the body", TokenCall::secretInBody, "invalid_client"),
            new Mistake("zoom", "wrong secret", call -> call.basic("zoom-client", "guessed"), "invalid_client"),
            new Mistake("zoom", "no grant type", without("grant_type"), "unsupported_grant_type"),
            new Mistake("zoom", "wrong code", with("code", "guessed"), "invalid_grant"),
            new Mistake("zoom", "wrong verifier", with("code_verifier", CHALLENGE), "invalid_grant"),
            new Mistake("zoom", "wrong redirect URI", elsewhere(), "Redirect URI mismatch"));

    private final Visitor alice = new Visitor();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return ProvidersSuite.war();
    }

    @ParameterizedTest
    @FieldSource("MISTAKES")
    void aMistakeIsRefusedInTheProvidersWords(Mistake mistake) throws Exception {
        Reply reply = mistake.made().apply(right(mistake.provider())).send();

        assertThat(reply.body()).contains(mistake.refusal()).doesNotContain("access_token");
    }

    @ParameterizedTest
    @CsvSource({
        "github, bad_verification_code",
        "intercom, Unauthorized Code",
        "slack, invalid_code",
        "xeno, invalid_grant",
        "zoom, invalid_grant"
    })
    void aCodeWorksOnce(String provider, String refusal) throws Exception {
        TokenCall call = right(provider);

        assertThat(call.send().body()).contains("access_token");
        assertThat(call.send().body()).contains(refusal).doesNotContain("access_token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "github   | /login/oauth/authorize | scope=repo;gist                     | invalid_scope",
                "github   | /login/oauth/authorize | scope=repo&code_challenge=short     | invalid_request",
                "intercom | /oauth                 | scope=read-conversations            | invalid_request",
                "slack    | /oauth/v2/authorize    | scope=chat:write%20users:read       | invalid_scope",
                "slack    | /oauth/v2/authorize    | user_scope=search:read%20im:history | invalid_scope",
                "slack    | /oauth/v2/authorize    | response_type=code                  | invalid_scope",
                "xeno     | /oauth/authorize       | scope=contacts,faqs                 | invalid_scope",
                "xeno     | /oauth/authorize       | response_type=code                  | invalid_scope",
                "zoom     | /oauth/authorize       | redirect_uri=CALLBACK               | unsupported_response_type"
            })
    void aRequestThatIsWrongComesStraightBack(String provider, String path, String query, String error)
            throws Exception {
        String callback = Deployments.base() + "/oauth/callback/" + provider;

        Reply reply = alice.get("/sandbox/at/" + provider + path + "?client_id=" + provider + "-client&state=s&"
                + query.replace("CALLBACK", callback));

        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.location()).startsWith(callback + "?error=" + error).contains("state=s");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id=unknown&scope=contacts",
        "scope=contacts",
        "client_id=xeno-client&scope=contacts&scope=faqs",
        "client_id=xeno-client&scope=contacts&redirect_uri=https://evil.example/",
        "client_id=xeno-client&scope=contacts&nonce=%00",
        "client_id=xeno-client%00&scope=contacts"
    })
    void aRequestWhoseSenderIsDoubtfulIsShownAndNeverSentOn(String query) throws Exception {
        Reply page = alice.get("/sandbox/at/xeno/oauth/authorize?" + query);

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.body()).contains("This request cannot be used").doesNotContain("<form");
    }

    @Test
    void onlyWhatWasAskedCanBeGranted() throws Exception {
        Reply page = alice.get("/sandbox/at/xeno/oauth/authorize?client_id=xeno-client&scope=contacts&state=s");
        Reply callback =
                alice.submit(page, "Authorize", Map.of("scope", List.of("contacts", "conversations", "nonsense")));
        TokenCall call = TokenCall.to("/sandbox/at/xeno/oauth/token")
                .with("client_id", "xeno-client")
                .with("client_secret", secret())
                .with("code", code(callback));

        assertThat(Api.json(call.send()).getString("scope")).isEqualTo("contacts");
    }

    @Test
    void aPageThatSomebodyChangedIsRefused() throws Exception {
        Reply reply =
                alice.post("/sandbox/at/xeno/consent", Map.of("request", "client_id=unknown", "decision", "authorize"));

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void anotherSiteCannotPressTheButtons() throws Exception {
        Reply reply = Http.at(Deployments.base())
                .with("Sec-Fetch-Site", "cross-site")
                .postForm("/sandbox/at/xeno/consent", Map.of("request", "client_id=xeno-client&scope=contacts"));

        assertThat(reply.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"zoom, invalid_grant", "slack, invalid_refresh_token"})
    void aRotatingRefreshTokenWorksOnce(String provider, String refusal) throws Exception {
        TokenCall exchange = right(provider);
        JsonObject first = Api.json(exchange.send());
        TokenCall refresh = new TokenCall(exchange.target(), exchange.authorization(), false, Map.of())
                .with("grant_type", "refresh_token")
                .with("refresh_token", first.getString("refresh_token"));

        JsonObject second = Api.json(refresh.send());

        assertThat(second.getString("access_token")).isNotEqualTo(first.getString("access_token"));
        assertThat(second.getInt("expires_in")).isPositive();
        assertThat(refresh.send().body()).contains(refusal).doesNotContain("access_token");
        assertThat(refresh.with("refresh_token", second.getString("refresh_token"))
                        .send()
                        .body())
                .contains("access_token");
    }

    @Test
    void slackLeavesTheTokenAtTheTopOutWhenThereIsNoBot() throws Exception {
        String code = consent("slack", "/oauth/v2/authorize", "user_scope=search:read");

        JsonObject reply = Api.json(slack(code).send());

        assertThat(reply).doesNotContainKey("access_token").doesNotContainKey("scope");
        assertThat(reply.getJsonObject("authed_user").getString("scope")).isEqualTo("search:read");
        assertThat(reply.getJsonObject("authed_user")).containsKey("access_token");
    }

    @Test
    void githubAnswersInAFormUnlessJsonIsAskedFor() throws Exception {
        TokenCall call = right("github");

        Reply reply = Http.at(Deployments.base()).postForm(call.target(), call.fields());

        assertThat(reply.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
        assertThat(Parameters.parse(reply.body()).get("scope")).isEqualTo("repo,gist");
    }

    @Test
    void whatNobodyEmulatesIsNotThere() throws Exception {
        assertThat(alice.get("/sandbox/at/unknown/oauth/authorize").status()).isEqualTo(404);
        assertThat(alice.get("/sandbox/at/xeno/unknown").status()).isEqualTo(404);
    }

    static Stream<Device> devices() {
        return Stream.of(Device.SMALL_PHONE.dark(), Device.DESKTOP.speaking("zh-CN"));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void thePagesAreOpenToEverybody(Device device) throws Exception {
        right("slack").send();
        AuditedTab tab = browser.openForAudit(device);

        tab.go("/sandbox/at/slack/oauth/v2/authorize?client_id=slack-client&scope=chat:write,users:read&state=s")
                .sees("Slack")
                .screenshot("dialect-consent-" + device.width())
                .fits();
        tab.axe();
        tab.go("/sandbox/at/intercom/oauth?client_id=intercom-client&state=s")
                .sees("Intercom")
                .fits();
        tab.axe();
        tab.go("/sandbox/at/slack/oauth/v2/authorize?client_id=unknown")
                .sees("invalid_client")
                .fits();
        tab.axe();
        tab.go("/sandbox/at/slack/authorizations")
                .sees("Slack")
                .screenshot("dialect-authorizations-" + device.width())
                .fits();
        tab.axe();
    }

    @Test
    void theUserTakesBackOnePermissionAndThenEverything() throws Exception {
        String token = Api.json(right("slack").send()).getString("access_token");
        Http bot = Http.at(Deployments.base()).with("Authorization", "Bearer " + token);
        Tab tab = browser.openWithoutScripts(Device.PHONE).go("/sandbox/at/slack/authorizations");

        assertThat(bot.send("POST", "/sandbox/at/slack/api/chat.postMessage", "")
                        .body())
                .contains("\"ok\":true");

        tab.press("Take back the ticked permissions slack, Alice").sees("Messages as the bot");
        tab.tick("Messages as the bot")
                .press("Take back the ticked permissions slack, Alice")
                .seesNo("Messages as the bot");
        assertThat(bot.send("POST", "/sandbox/at/slack/api/chat.postMessage", "")
                        .body())
                .contains("missing_scope")
                .contains("\"needed\":\"chat:write\"");
        assertThat(bot.get("/sandbox/at/slack/api/auth.test").body()).contains("\"ok\":true");

        tab.press("Revoke slack, Alice");
        assertThat(bot.get("/sandbox/at/slack/api/auth.test").body()).contains("invalid_auth");
    }

    // Kits that nobody here wrote

    @Tag("nightly")
    @ParameterizedTest
    @DisplayName("3.7 What real kits send is taken")
    @ValueSource(
            strings = {
                "arctic.mjs discord",
                "arctic.mjs entra",
                "arctic.mjs facebook",
                "arctic.mjs github",
                "arctic.mjs google",
                "arctic.mjs kakao",
                "arctic.mjs line",
                "octokit.mjs",
                "google-auth-library.mjs",
                "slack.mjs",
                "msal.mjs",
                "mixin.mjs"
            })
    void whatRealKitsSendIsTaken(String script) throws Exception {
        Map<String, String> environment =
                Map.of("SANDBOX", Deployments.base() + "/sandbox/at/", "SECRET", secret(), "CALLBACK", callback(""));
        try (Program kit = Kits.start(List.of(script.split(" ")), environment)) {
            String asked = kit.hear("kit: ").substring("kit: ".length());
            kit.say(alice.allow(asked, SandboxAccount.ALICE).location());

            assertThat(kit.hear("kit: ")).isEqualTo("kit: done");
        }
    }

    @Tag("nightly")
    @Test
    @DisplayName("3.5 The description of the API is valid as it is served, and TypeScript compiles what is made of it")
    void theDescriptionIsValidAsItIsServed() throws Exception {
        try (Program tools = Kits.start(List.of("openapi.mjs", Deployments.base() + "/openapi"), Map.of())) {
            assertThat(tools.hear("kit: ")).isEqualTo("kit: done");
        }
    }

    // What a faultless client sends

    private TokenCall right(String provider) throws IOException, InterruptedException {
        String challenge = "&code_challenge_method=S256&code_challenge=" + CHALLENGE;
        return switch (provider) {
            case "github" ->
                inBody("github", "/login/oauth/access_token")
                        .with("code", consent("github", "/login/oauth/authorize", "scope=repo%20gist" + challenge))
                        .with("code_verifier", VERIFIER.value());
            case "intercom" ->
                inBody("intercom", "/auth/eagle/token")
                        .with("code", consent("intercom", "/oauth", "response_type=code"));
            case "slack" ->
                slack(consent("slack", "/oauth/v2/authorize", "scope=chat:write,users:read&user_scope=search:read"));
            case "xeno" ->
                inBody("xeno", "/oauth/token")
                        .with("code", consent("xeno", "/oauth/authorize", "scope=contacts%20widgets"));
            case "zoom" ->
                TokenCall.to("/sandbox/at/zoom/oauth/token")
                        .basic("zoom-client", secret())
                        .with("grant_type", "authorization_code")
                        .with("redirect_uri", callback("zoom"))
                        .with("code", consent("zoom", "/oauth/authorize", "response_type=code" + challenge))
                        .with("code_verifier", VERIFIER.value());
            default -> throw new IllegalArgumentException(provider);
        };
    }

    private static TokenCall slack(String code) throws IOException {
        return TokenCall.to("/sandbox/at/slack/api/oauth.v2.access")
                .basic("slack-client", secret())
                .with("redirect_uri", callback("slack"))
                .with("code", code);
    }

    private static TokenCall inBody(String provider, String path) throws IOException {
        return TokenCall.to("/sandbox/at/" + provider + path)
                .with("client_id", provider + "-client")
                .with("client_secret", secret())
                .with("redirect_uri", callback(provider));
    }

    /** Alice allows everything: the code. */
    private String consent(String provider, String path, String query) throws IOException, InterruptedException {
        return code(alice.allow(
                "/sandbox/at/" + provider + path + "?client_id=" + provider + "-client&state=s&redirect_uri="
                        + URLEncoder.encode(callback(provider), StandardCharsets.UTF_8) + "&" + query,
                SandboxAccount.ALICE));
    }

    private static String code(Reply callback) {
        return String.valueOf(
                Parameters.parse(URI.create(callback.location()).getRawQuery()).get("code"));
    }

    private static String callback(String provider) {
        return Deployments.base() + "/oauth/callback/" + provider;
    }

    private static String secret() throws IOException {
        return Files.readString(ProvidersSuite.data.resolve("sandbox-client-secret"))
                .strip();
    }

    private static UnaryOperator<TokenCall> with(String field, String value) {
        return call -> call.with(field, value);
    }

    private static UnaryOperator<TokenCall> without(String field) {
        return call -> call.without(field);
    }

    private static UnaryOperator<TokenCall> wrongSecret() {
        return with("client_secret", "guessed");
    }

    private static UnaryOperator<TokenCall> elsewhere() {
        return with("redirect_uri", "https://evil.example/");
    }
}
