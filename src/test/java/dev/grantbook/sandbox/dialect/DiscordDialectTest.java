package dev.grantbook.sandbox.dialect;

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
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.testing.Configuration;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DiscordDialectTest {

    private static final String TOKEN = "api/oauth2/token";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation discord;

    @BeforeEach
    void register() {
        discord = new Emulation(configuration, data, new DiscordDialect());
    }

    @Test
    void theUserAllowsAllOrNothing() {
        assertThat(granted("identify guilds").getString("scope")).isEqualTo("identify guilds");
        assertThat(discord.refuse(request("identify")).get("error")).isEqualTo("access_denied");
    }

    @Test
    void everyCallbackNamesTheIssuer() {
        assertThat(discord.allow(request("identify")).get("iss")).isEqualTo("https://discord.com");
        assertThat(discord.refuse(request("identify")).get("iss")).isEqualTo("https://discord.com");
    }

    @Test
    void commasMakeAScopeThatDoesNotExist() {
        var refused = catchThrowableOfType(ConsentRefusal.class, () -> discord.ask(request("identify,guilds")));

        assertThat(refused.back()).asString().contains("error=invalid_scope");
    }

    @Test
    void takesFormsOnlyAndTheSecretInOnePlace() {
        String code = discord.code(request("identify"));

        assertThat(discord.postJson(TOKEN, exchange(code), basic()).status()).isEqualTo(400);
        assertThat(discord.post(TOKEN, withSecret(exchange(code)), basic()).status())
                .isEqualTo(401);
        assertThat(discord.post(TOKEN, exchange(code)).status()).isEqualTo(401);
        assertThat(discord.post(TOKEN, withSecret(exchange(code))).status()).isEqualTo(200);
    }

    @Test
    void aCodeNeedsItsVerifierAndItsRedirectUriAndWorksOnce() {
        assertThat(error(exchange(discord.code(request("identify"))).with("code_verifier", "x".repeat(43))))
                .isEqualTo("invalid_request");
        assertThat(error(exchange(discord.code(request("identify"))).with("redirect_uri", "https://bot.example/")))
                .isEqualTo("invalid_grant");
        String code = discord.code(request("identify"));
        assertThat(discord.post(TOKEN, exchange(code), basic()).status()).isEqualTo(200);
        assertThat(error(exchange(code))).isEqualTo("invalid_grant");
        assertThat(error(exchange(code).with("grant_type", "password"))).isEqualTo("unsupported_grant_type");
    }

    @Test
    void aRefreshTokenWorksOnce() {
        String token = granted("identify").getString("refresh_token");

        assertThat(discord.post(TOKEN, refresh(token), basic()).status()).isEqualTo(200);
        assertThat(error(refresh(token))).isEqualTo("invalid_grant");
    }

    @Test
    void namesTheUserOnlyWithIdentify() {
        String token = granted("identify guilds").getString("access_token");
        String other = granted("guilds").getString("access_token");

        assertThat(json(discord.get("api/oauth2/@me", token))
                        .getJsonObject("user")
                        .getString("id"))
                .isEqualTo(SandboxAccount.ALICE.number());
        assertThat(json(discord.get("api/oauth2/@me", other))).doesNotContainKey("user");
    }

    @Test
    void tellsADeadTokenFromOneThatLacksAScope() {
        String token = granted("identify").getString("access_token");

        assertThat(json(discord.get("api/users/@me/guilds", token)).getInt("code"))
                .isEqualTo(50026);
        assertThat(json(discord.get("api/users/@me/guilds", "dead")).getInt("code"))
                .isEqualTo(50025);
    }

    @Test
    void revokingOneTokenEndsAll() {
        var reply = granted("identify");
        var form = new Parameters().with("token", reply.getString("refresh_token"));

        assertThat(discord.post("api/oauth2/token/revoke", form, Map.of()).status())
                .isEqualTo(401);
        assertThat(discord.post("api/oauth2/token/revoke", form, basic()).status())
                .isEqualTo(200);
        assertThat(discord.get("api/oauth2/@me", reply.getString("access_token"))
                        .status())
                .isEqualTo(401);
    }

    private JsonObject granted(String scopes) {
        return json(discord.post(TOKEN, exchange(discord.code(request(scopes))), basic()));
    }

    private String error(Parameters form) {
        return json(discord.post(TOKEN, form, basic())).getString("error");
    }
}
