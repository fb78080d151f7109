package dev.grantbook.sandbox.dialect;

import static dev.grantbook.sandbox.Emulation.CLIENT_ID;
import static dev.grantbook.sandbox.Emulation.basic;
import static dev.grantbook.sandbox.Emulation.claims;
import static dev.grantbook.sandbox.Emulation.exchange;
import static dev.grantbook.sandbox.Emulation.json;
import static dev.grantbook.sandbox.Emulation.refresh;
import static dev.grantbook.sandbox.Emulation.request;
import static dev.grantbook.sandbox.Emulation.withSecret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.Emulation;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.testing.Configuration;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoogleDialectTest {

    private static final String TOKEN = "token";
    private static final String CALENDAR = "https://www.googleapis.com/auth/calendar.readonly";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation google;

    @BeforeEach
    void register() {
        google = new Emulation(configuration, data, new GoogleDialect());
    }

    @Test
    void everythingButTheSignInCanBeUnticked() {
        assertThat(json(token(request("openid profile email " + CALENDAR))).getString("scope"))
                .isEqualTo("openid https://www.googleapis.com/auth/userinfo.profile"
                        + " https://www.googleapis.com/auth/userinfo.email");
        assertThat(json(token(request("openid " + CALENDAR), CALENDAR)).getString("scope"))
                .isEqualTo("openid " + CALENDAR);
    }

    @Test
    void whatWasGrantedBeforeIsIncludedOnRequest() {
        token(request("openid " + CALENDAR), CALENDAR);

        assertThat(json(token(request("openid"))).getString("scope")).isEqualTo("openid");
        assertThat(json(token(request("openid").with("include_granted_scopes", "true")))
                        .getString("scope"))
                .isEqualTo("openid " + CALENDAR);
    }

    @Test
    void aRefreshTokenNeedsOfflineAccessAndAConsentPage() {
        Parameters offline = request("openid").with("access_type", "offline");

        assertThat(json(token(request("openid")))).doesNotContainKey("refresh_token");
        assertThat(json(token(offline))).doesNotContainKey("refresh_token");
        assertThat(json(token(offline.with("prompt", "consent")))).containsKey("refresh_token");
    }

    @Test
    void theFirstConsentNeedsNoPrompt() {
        JsonObject reply = json(token(request("openid").with("access_type", "offline")));

        assertThat(reply).containsKey("refresh_token");
        assertThat(reply.getString("scope")).isEqualTo("openid");
    }

    @ParameterizedTest
    @CsvSource({
        "access_type, always",
        "include_granted_scopes, yes",
        "prompt, login",
        "redirect_uri, https://bot.example/",
        "scope, ''"
    })
    void showsWhatIsWrongWithARequest(String parameter, String value) {
        Parameters request = request("openid").with(parameter, value);

        assertThat(catchThrowableOfType(ConsentRefusal.class, () -> google.ask(request))
                        .back())
                .isNull();
    }

    @Test
    void takesTheSecretInOnePlaceAndFormsOnly() {
        String code = google.code(request("openid"));

        assertThat(google.post(TOKEN, withSecret(exchange(code)), basic()).status())
                .isEqualTo(401);
        assertThat(google.post(TOKEN, exchange(code)).status()).isEqualTo(401);
        assertThat(google.postJson(TOKEN, withSecret(exchange(code)), Map.of()).status())
                .isEqualTo(400);
        assertThat(google.post(TOKEN, exchange(code), basic()).status()).isEqualTo(200);
    }

    @Test
    void aCodeNeedsItsVerifierAndItsRedirectUriAndWorksOnce() {
        String code = google.code(request("openid"));

        assertThat(error(exchange(google.code(request("openid"))).with("code_verifier", "x".repeat(43))))
                .isEqualTo("invalid_grant");
        assertThat(error(exchange(google.code(request("openid"))).with("redirect_uri", "https://bot.example/")))
                .isEqualTo("redirect_uri_mismatch");
        assertThat(google.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
        assertThat(error(exchange(code))).isEqualTo("invalid_grant");
    }

    @Test
    void theIdTokenRepeatsTheNonceOnce() {
        SandboxReply first = token(request("openid")
                .with("nonce", "n-1")
                .with("access_type", "offline")
                .with("prompt", "consent"));
        SandboxReply later = google.post(TOKEN, withSecret(refresh(json(first).getString("refresh_token"))));

        assertThat(claims(first).getString("nonce")).isEqualTo("n-1");
        assertThat(claims(first).getString("azp")).isEqualTo(CLIENT_ID);
        assertThat(claims(later)).doesNotContainKey("nonce");
        assertThat(json(later)).doesNotContainKey("refresh_token");
    }

    @Test
    void theApiTellsADeadTokenFromOneThatLacksAScope() {
        String token = json(token(request("openid profile"))).getString("access_token");

        JsonObject lacking =
                json(google.get("calendar/v3/users/me/calendarList", token)).getJsonObject("error");

        assertThat(lacking.getJsonArray("details").getJsonObject(0).getString("reason"))
                .isEqualTo("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
        assertThat(google.get("calendar/v3/users/me/calendarList", "dead").status())
                .isEqualTo(401);
        assertThat(json(google.get("v1/userinfo", token)).getString("name")).isEqualTo("Alice");
        assertThat(google.get("v1/userinfo", "dead").status()).isEqualTo(401);
    }

    @Test
    void revokingOneTokenEndsTheWholeGrant() {
        String older = json(token(request("openid"))).getString("access_token");
        String newer = json(token(request("openid"))).getString("access_token");

        assertThat(google.post("revoke", new Parameters().with("token", newer)).status())
                .isEqualTo(200);
        assertThat(google.get("v1/userinfo", older).status()).isEqualTo(401);
        assertThat(google.post("revoke", new Parameters().with("token", newer)).status())
                .isEqualTo(400);
    }

    private SandboxReply token(Parameters request, String... ticked) {
        return google.post(TOKEN, withSecret(exchange(google.code(request, ticked))));
    }

    private String error(Parameters form) {
        return json(google.post(TOKEN, withSecret(form))).getString("error");
    }
}
