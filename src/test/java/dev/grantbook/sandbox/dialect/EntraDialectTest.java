package dev.grantbook.sandbox.dialect;

import static dev.grantbook.sandbox.Emulation.basic;
import static dev.grantbook.sandbox.Emulation.claims;
import static dev.grantbook.sandbox.Emulation.exchange;
import static dev.grantbook.sandbox.Emulation.json;
import static dev.grantbook.sandbox.Emulation.refresh;
import static dev.grantbook.sandbox.Emulation.request;
import static dev.grantbook.sandbox.Emulation.withSecret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.Emulation;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.testing.Configuration;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EntraDialectTest {

    private static final String TOKEN = "common/oauth2/v2.0/token";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation entra;

    @BeforeEach
    void register() {
        entra = new Emulation(configuration, data, new EntraDialect());
    }

    @Test
    void theUserAllowsAllOrNothing() {
        assertThat(json(token("User.Read Mail.Read")).getString("scope"))
                .isEqualTo("https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read");
        assertThat(entra.refuse(request("User.Read")).get("error")).isEqualTo("access_denied");
    }

    @Test
    void takesAScopeByItsNameOrItsAddress() {
        assertThat(json(token("https://graph.microsoft.com/User.Read openid")).getString("scope"))
                .isEqualTo("https://graph.microsoft.com/User.Read openid");
        var refused = catchThrowableOfType(ConsentRefusal.class, () -> entra.ask(request("User.Read,openid")));
        assertThat(refused.back()).asString().contains("error=invalid_scope");
    }

    @Test
    void offlineAccessIsGivenAndNeverTold() {
        JsonObject with = json(token("User.Read offline_access"));

        assertThat(with.getString("scope")).isEqualTo("https://graph.microsoft.com/User.Read");
        assertThat(with).containsKey("refresh_token");
        assertThat(json(token("User.Read"))).doesNotContainKey("refresh_token");
    }

    @Test
    void anOldRefreshTokenGoesOnWorking() {
        String token = json(token("User.Read offline_access")).getString("refresh_token");

        assertThat(json(entra.post(TOKEN, withSecret(refresh(token)))).getString("refresh_token"))
                .isNotEqualTo(token);
        assertThat(entra.post(TOKEN, withSecret(refresh(token))).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("3.7 Entra takes the secret in the body or by Basic, whichever tenant is named")
    void takesTheSecretInBothPlacesAndFormsOnly() {
        String code = entra.code(request("User.Read"));

        assertThat(entra.post(TOKEN, exchange(entra.code(request("User.Read"))), basic())
                        .status())
                .isEqualTo(200);
        assertThat(entra.post(
                                TOKEN.replace("common", "organizations"),
                                withSecret(exchange(entra.code(request("User.Read")))))
                        .status())
                .isEqualTo(200);
        assertThat(number(entra.post(TOKEN, exchange(code)))).isEqualTo(7000218);
        assertThat(number(entra.post(TOKEN, withSecret(exchange(code)).with("client_secret", "wrong"))))
                .isEqualTo(7000215);
        assertThat(entra.postJson(TOKEN, withSecret(exchange(code)), Map.of()).status())
                .isEqualTo(400);
        assertThat(entra.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
    }

    @Test
    void refusesACodeWithItsOwnNumbers() {
        String code = entra.code(request("User.Read"));

        assertThat(number(entra.post(
                        TOKEN,
                        withSecret(exchange(entra.code(request("User.Read")))
                                .with("redirect_uri", "https://bot.example/")))))
                .isEqualTo(500112);
        assertThat(number(entra.post(
                        TOKEN,
                        withSecret(exchange(entra.code(request("User.Read"))).with("code_verifier", "x".repeat(43))))))
                .isEqualTo(501481);
        assertThat(entra.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
        assertThat(number(entra.post(TOKEN, withSecret(exchange(code))))).isEqualTo(54005);
    }

    @Test
    void theIssuerIsTheOrganizationThatTheTokenNames() {
        JsonObject claims = claims(entra.post(
                TOKEN,
                withSecret(exchange(entra.code(request("User.Read openid").with("nonce", "n-1"))))));

        assertThat(claims.getString("iss"))
                .isEqualTo("https://login.microsoftonline.com/" + claims.getString("tid") + "/v2.0");
        assertThat(claims.getString("nonce")).isEqualTo("n-1");
        assertThat(claims.getString("oid")).isEqualTo(SandboxAccount.ALICE.userId());
    }

    @Test
    void graphTellsADeadTokenFromOneThatLacksAScope() {
        String token = json(token("User.Read")).getString("access_token");

        assertThat(json(entra.get("v1.0/me", token)).getString("displayName")).isEqualTo("Alice");
        assertThat(entra.get("v1.0/me/messages", token).status()).isEqualTo(403);
        assertThat(json(entra.get("v1.0/me", "dead")).getJsonObject("error").getString("code"))
                .isEqualTo("InvalidAuthenticationToken");
    }

    private SandboxReply token(String scopes) {
        return entra.post(TOKEN, withSecret(exchange(entra.code(request(scopes)))));
    }

    private static int number(SandboxReply refused) {
        return json(refused).getJsonArray("error_codes").getInt(0);
    }
}
