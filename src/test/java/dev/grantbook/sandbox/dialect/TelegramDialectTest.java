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

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.Emulation;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.testing.Configuration;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelegramDialectTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation telegram;

    @BeforeEach
    void register() {
        telegram = new Emulation(configuration, data, new TelegramDialect());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scope|profile|invalid_scope",
                "scope|openid,profile|invalid_scope",
                "state|not a state|invalid_request",
                "code_challenge||invalid_request",
                "code_challenge_method|plain|invalid_request",
                "response_type|token|unsupported_response_type"
            })
    void sendsARequestBackThatItDoesNotTake(String parameter, String value, String error) {
        Parameters request = request("openid profile").with(parameter, value == null ? "" : value);

        assertThat(catchThrowableOfType(ConsentRefusal.class, () -> telegram.ask(request))
                        .back())
                .asString()
                .contains("error=" + error);
    }

    @Test
    void wantsBasicAndTheClientIdOnceMore() {
        String code = telegram.code(request("openid profile"));

        assertThat(telegram.post("token", exchange(code), basic()).status()).isEqualTo(401);
        assertThat(telegram.post("token", withSecret(exchange(code))).status()).isEqualTo(401);
        assertThat(telegram.post("token", withSecret(exchange(code)), basic()).status())
                .isEqualTo(401);
        assertThat(telegram.postJson("token", exchange(code).with("client_id", CLIENT_ID), basic())
                        .status())
                .isEqualTo(400);
        assertThat(telegram.post("token", exchange(code).with("client_id", CLIENT_ID), basic())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aCodeNeedsItsVerifierAndItsRedirectUriAndWorksOnce() {
        String code = telegram.code(request("openid profile"));

        assertThat(token(exchange(telegram.code(request("openid"))).with("code_verifier", "x".repeat(43)))
                        .status())
                .isEqualTo(400);
        assertThat(token(exchange(telegram.code(request("openid"))).with("redirect_uri", "https://bot.example/"))
                        .status())
                .isEqualTo(400);
        assertThat(token(exchange(code)).status()).isEqualTo(200);
        assertThat(json(token(exchange(code))).getString("error")).isEqualTo("invalid_grant");
    }

    @Test
    void saysWhoItIsInTheIdTokenAndNeverRepeatsANonce() throws Exception {
        SandboxReply reply =
                token(exchange(telegram.code(request("openid profile").with("nonce", "n-1"))));
        var signed = SignedJWT.parse(json(reply).getString("id_token"));
        var keys = JWKSet.parse(
                telegram.get(".well-known/jwks.json", new Parameters()).body());

        assertThat(signed.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(signed.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(keys.getKeys()).noneMatch(key -> key.isPrivate());
        assertThat(claims(reply).getJsonNumber("id").toString()).isEqualTo(SandboxAccount.ALICE.number());
        assertThat(claims(reply).getString("sub")).isNotEqualTo(SandboxAccount.ALICE.number());
        assertThat(claims(reply)).doesNotContainKeys("nonce", "phone_number");
    }

    @Test
    void namesTheNumberOfThoseWhoAllowIt() {
        SandboxReply reply = token(exchange(telegram.code(request("openid profile phone"), "phone")));

        assertThat(claims(reply).getString("phone_number")).isEqualTo("12025550143");
    }

    @Test
    void namesNoScopesAndRefreshesNothing() {
        SandboxReply reply = token(exchange(telegram.code(request("openid profile"))));

        assertThat(json(reply)).doesNotContainKeys("scope", "refresh_token");
        assertThat(json(token(refresh("x"))).getString("error")).isEqualTo("unsupported_grant_type");
    }

    private SandboxReply token(Parameters form) {
        return telegram.post("token", form.with("client_id", CLIENT_ID), basic());
    }
}
