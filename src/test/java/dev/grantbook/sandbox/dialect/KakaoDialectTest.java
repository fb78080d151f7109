package dev.grantbook.sandbox.dialect;

import static dev.grantbook.sandbox.Emulation.CLIENT_ID;
import static dev.grantbook.sandbox.Emulation.basic;
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
import dev.grantbook.sandbox.SandboxCall;
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

class KakaoDialectTest {

    private static final String TOKEN = "oauth/token";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation kakao;

    @BeforeEach
    void register() {
        kakao = new Emulation(configuration, data, new KakaoDialect());
    }

    @Test
    void showsWhatIsWrongAndNeverSendsBack() {
        assertThat(shown(request("friends+talk_message"))).isEqualTo("KOE205");
        assertThat(shown(request("story_publish"))).isEqualTo("KOE205");
        assertThat(shown(request("friends").with("redirect_uri", ""))).isEqualTo("KOE006");
    }

    @Test
    @DisplayName("3.7 Kakao takes scopes that spaces join")
    void spacesGoInToo() {
        JsonObject reply = json(token("profile_nickname friends", "profile_nickname", "friends"));

        assertThat(reply.getString("scope")).isEqualTo("profile_nickname friends");
    }

    @Test
    void commasGoInAndSpacesComeOut() {
        JsonObject reply = json(token("profile_nickname,friends", "profile_nickname", "friends"));

        assertThat(reply.getString("scope")).isEqualTo("profile_nickname friends");
    }

    @Test
    void tellsAllThatTheUserEverAgreedTo() {
        token("profile_nickname,account_email", "profile_nickname", "account_email");

        assertThat(json(token("friends", "friends")).getString("scope"))
                .isEqualTo("friends profile_nickname account_email");
    }

    @Test
    void takesTheSecretInTheBodyOnlyAndFormsOnly() {
        String code = kakao.code(request("friends"), "friends");

        assertThat(kakao.post(TOKEN, exchange(code), basic()).status()).isEqualTo(401);
        assertThat(kakao.post(TOKEN, exchange(code).with("client_id", CLIENT_ID))
                        .status())
                .isEqualTo(401);
        assertThat(kakao.postJson(TOKEN, withSecret(exchange(code)), Map.of()).status())
                .isEqualTo(400);
        assertThat(kakao.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
    }

    @Test
    void anAppWithoutASecretNeedsItsIdOnly() {
        var open = new Emulation(
                configuration,
                data,
                "{\"provider\": \"kakao\", \"client-id\": \"bot-1\", \"client-authentication\": \"none\"}",
                new KakaoDialect());
        String code = open.code(request("friends"), "friends");

        assertThat(open.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(401);
        assertThat(open.post(TOKEN, exchange(code).with("client_id", CLIENT_ID)).status())
                .isEqualTo(200);
    }

    @Test
    void refusesACodeWithItsOwnNumbers() {
        String code = kakao.code(request("friends"), "friends");

        assertThat(error(exchange(kakao.code(request("friends"))).with("redirect_uri", "https://bot.example/")))
                .isEqualTo("KOE303");
        assertThat(error(exchange(kakao.code(request("friends"))).with("code_verifier", "x".repeat(43))))
                .isEqualTo("KOE320");
        assertThat(kakao.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
        assertThat(error(exchange(code))).isEqualTo("KOE320");
        assertThat(error(refresh("x"))).isEqualTo("KOE322");
    }

    @Test
    void aFreshRefreshTokenIsNotReplaced() {
        String refreshToken = json(token("friends", "friends")).getString("refresh_token");

        assertThat(json(kakao.post(TOKEN, withSecret(refresh(refreshToken)))))
                .containsKey("access_token")
                .doesNotContainKeys("refresh_token", "scope");
    }

    @Test
    void namesTheScopesThatAreMissing() {
        String token =
                json(token("profile_nickname,friends", "profile_nickname")).getString("access_token");

        SandboxReply refused = kakao.get("v1/api/talk/friends", token);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(json(refused).getInt("code")).isEqualTo(-402);
        assertThat(json(refused).getJsonArray("required_scopes")).hasToString("[\"friends\"]");
        assertThat(json(refused).getJsonArray("allowed_scopes")).hasToString("[\"profile_nickname\"]");
        assertThat(json(kakao.get("v1/api/talk/friends", "dead")).getInt("code"))
                .isEqualTo(-401);
    }

    @Test
    void namesTheUserOnlyWithTheNickname() {
        String named = json(token("profile_nickname", "profile_nickname")).getString("access_token");
        JsonObject me = json(kakao.get("v2/user/me", named));

        assertThat(me.getJsonNumber("id").toString()).isEqualTo(SandboxAccount.ALICE.number());
        assertThat(me.getJsonObject("kakao_account").getJsonObject("profile").getString("nickname"))
                .isEqualTo("Alice");
    }

    @Test
    void unlinkingEndsEveryTokenAndWhatWasAgreedTo() {
        String older = json(token("friends", "friends")).getString("access_token");
        String newer = json(token("account_email", "account_email")).getString("access_token");

        assertThat(kakao.answer(new SandboxCall(
                                "POST",
                                "v1/user/unlink",
                                new Parameters(),
                                Map.of("authorization", "Bearer " + newer),
                                ""))
                        .status())
                .isEqualTo(200);
        assertThat(kakao.get("v2/user/me", older).status()).isEqualTo(401);
        assertThat(json(token("talk_message", "talk_message")).getString("scope"))
                .isEqualTo("talk_message");
    }

    private String shown(Parameters request) {
        var refused = catchThrowableOfType(ConsentRefusal.class, () -> kakao.ask(request));
        assertThat(refused.back()).isNull();
        return refused.code();
    }

    private SandboxReply token(String scopes, String... ticked) {
        return kakao.post(TOKEN, withSecret(exchange(kakao.code(request(scopes), ticked))));
    }

    private String error(Parameters form) {
        return json(kakao.post(TOKEN, withSecret(form))).getString("error_code");
    }
}
