package dev.grantbook.sandbox.dialect;

import static dev.grantbook.sandbox.Emulation.CLIENT_ID;
import static dev.grantbook.sandbox.Emulation.CLIENT_SECRET;
import static dev.grantbook.sandbox.Emulation.basic;
import static dev.grantbook.sandbox.Emulation.claims;
import static dev.grantbook.sandbox.Emulation.exchange;
import static dev.grantbook.sandbox.Emulation.json;
import static dev.grantbook.sandbox.Emulation.refresh;
import static dev.grantbook.sandbox.Emulation.request;
import static dev.grantbook.sandbox.Emulation.withSecret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.Emulation;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.testing.Configuration;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LineDialectTest {

    private static final String TOKEN = "oauth2/v2.1/token";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation line;

    @BeforeEach
    void register() {
        line = new Emulation(configuration, data, new LineDialect());
    }

    @Test
    @DisplayName("3.7 LINE takes a state in base64url")
    void theStateIsNeededAndHasNoOtherSigns() {
        assertThat(back(request("profile").with("state", null).with("state", "a.b")))
                .contains("error=invalid_request");
        assertThat(line.allow(request("profile").with("state", null).with("state", "a-b_c"))
                        .get("state"))
                .isEqualTo("a-b_c");
        assertThat(back(request("profile").with("state", ""))).contains("error=invalid_request");
        assertThat(line.allow(request("profile")).get("state")).isEqualTo(Emulation.STATE);
    }

    @Test
    void commasMakeAScopeThatDoesNotExist() {
        assertThat(back(request("profile,openid"))).contains("error=invalid_scope");
    }

    @Test
    void saysWhetherTheBotBecameAFriendWhereThePageOfferedIt() {
        assertThat(line.allow(request("profile")).get("friendship_status_changed"))
                .isNull();
        assertThat(line.allow(request("profile").with("bot_prompt", "normal")).get("friendship_status_changed"))
                .isEqualTo("true");
        assertThat(back(request("profile").with("bot_prompt", "please"))).contains("error=invalid_request");
    }

    @Test
    void takesTheSecretInTheBodyOnlyAndFormsOnly() {
        String code = line.code(request("profile"));

        assertThat(line.post(TOKEN, exchange(code), basic()).status()).isEqualTo(400);
        assertThat(line.postJson(TOKEN, withSecret(exchange(code)), basic()).status())
                .isEqualTo(400);
        assertThat(line.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
    }

    @Test
    void aCodeNeedsItsVerifierAndItsRedirectUriAndWorksOnce() {
        assertThat(error(exchange(line.code(request("profile"))).with("code_verifier", "x".repeat(43))))
                .isEqualTo("invalid_grant");
        assertThat(error(exchange(line.code(request("profile"))).with("redirect_uri", "https://bot.example/")))
                .isEqualTo("invalid_grant");
        String code = line.code(request("profile"));
        assertThat(line.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
        assertThat(error(exchange(code))).isEqualTo("invalid_grant");
    }

    @Test
    void neverTellsTheScopeOfTheAddressThoughItIsInTheIdToken() {
        SandboxReply reply = token("profile openid email", "email");

        assertThat(json(reply).getString("scope")).isEqualTo("profile openid");
        assertThat(claims(reply).getString("email")).isEqualTo(SandboxAccount.ALICE.email());
    }

    @Test
    void signsIdTokensWithTheChannelSecretAndRepeatsTheNonce() throws Exception {
        SandboxReply reply = line.post(
                TOKEN, withSecret(exchange(line.code(request("profile openid").with("nonce", "n-1")))));
        var signed = SignedJWT.parse(json(reply).getString("id_token"));

        assertThat(signed.verify(new MACVerifier(CLIENT_SECRET.value().getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(claims(reply).getString("nonce")).isEqualTo("n-1");
        assertThat(claims(reply).getString("aud")).isEqualTo(CLIENT_ID);
    }

    @Test
    void withoutOpenidThereIsNoIdToken() {
        assertThat(json(token("profile"))).doesNotContainKey("id_token");
    }

    @Test
    void aRefreshTokenGoesOnWorking() {
        String refreshToken = json(token("profile")).getString("refresh_token");

        JsonObject refreshed = json(line.post(TOKEN, withSecret(refresh(refreshToken))));

        assertThat(refreshed.getString("refresh_token")).isEqualTo(refreshToken);
        assertThat(line.post(TOKEN, withSecret(refresh(refreshToken))).status()).isEqualTo(200);
    }

    @Test
    void verificationTellsWhoseTokenItIs() {
        String token = json(token("profile phone", "phone")).getString("access_token");
        SandboxReply alive = line.get("oauth2/v2.1/verify", new Parameters().with("access_token", token));
        SandboxReply dead = line.get("oauth2/v2.1/verify", new Parameters().with("access_token", "dead"));

        assertThat(json(alive).getString("client_id")).isEqualTo(CLIENT_ID);
        assertThat(json(alive).getString("scope")).isEqualTo("profile phone");
        assertThat(dead.status()).isEqualTo(400);
        assertThat(json(dead).getString("error")).isEqualTo("invalid_request");
    }

    @Test
    void aRevokedTokenIsDead() {
        String token = json(token("profile")).getString("access_token");
        assertThat(line.get("v2/profile", token).status()).isEqualTo(200);
        var wrongName = withSecret(new Parameters().with("token", token));
        assertThat(line.post("oauth2/v2.1/revoke", wrongName).status()).isEqualTo(400);

        assertThat(line.post("oauth2/v2.1/revoke", withSecret(new Parameters().with("access_token", token)))
                        .status())
                .isEqualTo(200);
        assertThat(line.get("v2/profile", token).status()).isEqualTo(401);
    }

    private String back(Parameters request) {
        return String.valueOf(catchThrowableOfType(ConsentRefusal.class, () -> line.ask(request))
                .back());
    }

    private SandboxReply token(String scopes, String... ticked) {
        return line.post(TOKEN, withSecret(exchange(line.code(request(scopes), ticked))));
    }

    private String error(Parameters form) {
        return json(line.post(TOKEN, withSecret(form))).getString("error");
    }
}
