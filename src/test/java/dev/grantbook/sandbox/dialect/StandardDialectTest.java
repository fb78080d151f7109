package dev.grantbook.sandbox.dialect;

import static dev.grantbook.sandbox.Emulation.CLIENT_ID;
import static dev.grantbook.sandbox.Emulation.STATE;
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
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sandbox's standard servers are as strict as the RFCs let them be. */
class StandardDialectTest {

    private static final String ISSUER = "https://grantbook.example/sandbox/at/oidc";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    private Emulation openId;
    private Emulation plain;

    @BeforeEach
    void register() {
        configuration.with("grantbook.public-url", "https://grantbook.example");
        openId = emulation(new OpenIdDialect());
        plain = emulation(new OAuthDialect());
    }

    private Emulation emulation(StandardDialect dialect) {
        String definition = "{\"provider\": \"" + dialect.id() + "\", \"client-id\": \"" + CLIENT_ID
                + "\", \"client-secret\": \"env:X\", \"default-scopes\": [\"mail.read\"]}";
        dialect.settings = configuration.settings();
        return new Emulation(configuration, data, definition, dialect);
    }

    @Test
    void describesItself() {
        JsonObject metadata = json(openId.get(".well-known/openid-configuration", new Parameters()));

        assertThat(metadata.getString("issuer")).isEqualTo(ISSUER);
        assertThat(metadata.getString("pushed_authorization_request_endpoint")).isEqualTo(ISSUER + "/par");
        assertThat(metadata.getString("jwks_uri")).isEqualTo(ISSUER + "/jwks");
        assertThat(json(plain.get(".well-known/openid-configuration", new Parameters())))
                .doesNotContainKeys("jwks_uri", "userinfo_endpoint");
    }

    @ParameterizedTest
    @CsvSource({
        "response_type, token",
        "scope, mail.read",
        "scope, openid mail.write",
        "scope, ''",
        "code_challenge, ''",
        "code_challenge_method, plain"
    })
    void sendsTheUserBackFromARequestThatIsWrong(String parameter, String value) {
        Parameters wrong = request("openid mail.read").with(parameter, value);

        assertThat(catchThrowableOfType(ConsentRefusal.class, () -> openId.ask(wrong))
                        .back())
                .asString()
                .contains("error=", "state=" + STATE);
    }

    @Test
    void namesItselfInEveryAnswerAndAsksForOpenIdInAnyCase() {
        assertThat(openId.allow(request("openid mail.read")).get("iss")).isEqualTo(ISSUER);
        assertThat(openId.refuse(request("openid mail.read")).get("iss")).isEqualTo(ISSUER);
        assertThat(json(token(openId, "openid mail.read")).getString("scope")).isEqualTo("openid");
        assertThat(json(token(plain, "mail.read", "mail.read")).getString("scope"))
                .isEqualTo("mail.read");
    }

    @Test
    void theIdTokenIsForThisTrip() {
        SandboxReply reply = openId.post(
                "token",
                exchange(openId.code(request("openid offline_access").with("nonce", "n-1"), "offline_access")),
                basic());
        SandboxReply later = openId.post("token", refresh(json(reply).getString("refresh_token")), basic());

        assertThat(claims(reply).getString("iss")).isEqualTo(ISSUER);
        assertThat(claims(reply).getString("aud")).isEqualTo(CLIENT_ID);
        assertThat(claims(reply).getString("nonce")).isEqualTo("n-1");
        assertThat(claims(later)).doesNotContainKey("nonce");
        assertThat(json(token(plain, "mail.read"))).doesNotContainKey("id_token");
    }

    @Test
    void aRefreshTokenComesForOfflineAccessAndWorksOnce() {
        assertThat(json(token(openId, "openid"))).doesNotContainKey("refresh_token");
        String first = json(token(plain, "mail.read")).getString("refresh_token");

        String second = json(plain.post("token", refresh(first), basic())).getString("refresh_token");

        assertThat(json(plain.post("token", refresh(second), basic()))).containsKey("refresh_token");
    }

    @Test
    void aRefreshTokenThatComesAgainEndsWhatItsAuthorizationHas() {
        JsonObject first = json(token(plain, "mail.read"));
        JsonObject second = json(plain.post("token", refresh(first.getString("refresh_token")), basic()));

        assertThat(error(plain.post("token", refresh(first.getString("refresh_token")), basic())))
                .isEqualTo("invalid_grant");

        assertThat(error(plain.post("token", refresh(second.getString("refresh_token")), basic())))
                .isEqualTo("invalid_grant");
        assertThat(plain.get("userinfo", second.getString("access_token")).status())
                .isEqualTo(401);
    }

    @Test
    void howLongAccessTokensLiveIsConfigured() {
        configuration.with("grantbook.sandbox.token-lifetime", "PT20S");
        plain = emulation(new OAuthDialect());

        assertThat(json(token(plain, "mail.read")).getInt("expires_in")).isEqualTo(20);
    }

    @Test
    void theClientProvesItselfInOnePlace() {
        Parameters code = exchange(openId.code(request("openid")));

        assertThat(openId.post("token", code).status()).isEqualTo(401);
        assertThat(openId.post("token", withSecret(exchange("x")), basic()).status())
                .isEqualTo(401);
        assertThat(openId.post("introspect", new Parameters().with("token", "x"))
                        .status())
                .isEqualTo(401);
        assertThat(openId.post("revoke", new Parameters().with("token", "x")).status())
                .isEqualTo(401);
        assertThat(openId.post("par", request("openid")).status()).isEqualTo(401);
        assertThat(openId.post("token", withSecret(code)).status()).isEqualTo(200);
    }

    @Test
    void aCodeNeedsItsVerifierAndItsRedirectUriAndWorksOnce() {
        assertThat(error(plain.post("token", exchange(code()).with("code_verifier", "x".repeat(43)), basic())))
                .isEqualTo("invalid_grant");
        assertThat(error(plain.post("token", exchange(code()).with("redirect_uri", "https://bot.example/"), basic())))
                .isEqualTo("invalid_grant");
        String once = code();
        assertThat(plain.post("token", exchange(once), basic()).status()).isEqualTo(200);
        assertThat(error(plain.post("token", exchange(once), basic()))).isEqualTo("invalid_grant");
    }

    @Test
    void tellsOfATokenUntilItIsRevoked() {
        String token = json(token(openId, "openid profile", "profile")).getString("access_token");
        Parameters shown = new Parameters().with("token", token);

        assertThat(json(openId.post("introspect", shown, basic())).getString("scope"))
                .isEqualTo("openid profile");
        assertThat(json(openId.get("userinfo", token)).getString("name")).isEqualTo("Alice");

        assertThat(openId.post("revoke", shown, basic()).status()).isEqualTo(200);

        assertThat(json(openId.post("introspect", shown, basic()))).isEqualTo(Map.of("active", JsonValue.FALSE));
        assertThat(openId.get("userinfo", token).status()).isEqualTo(401);
        assertThat(openId.post("revoke", shown, basic()).status()).isEqualTo(200);
    }

    // Pushed requests

    @Test
    void aPushedRequestIsTheOneThatCounts() {
        Parameters carried = carried(push(request("openid profile").with("nonce", "n-1")))
                .with("scope", "openid email")
                .with("state", "forged");

        assertThat(openId.ask(carried).scopes().toList()).containsExactly("openid", "profile");
        assertThat(openId.allow(carried).get("state")).isEqualTo(STATE);
    }

    @Test
    void aPushedRequestEnds() {
        Parameters carried = carried(push(request("openid")));
        openId.clock.advance(Duration.ofMinutes(10));

        assertThat(catchThrowableOfType(ConsentRefusal.class, () -> openId.ask(carried)))
                .returns(null, ConsentRefusal::back);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "urn:ietf:params:oauth:request_uri:x", "urn:ietf:params:oauth:request_uri:a.b.c"})
    void anInventedReferenceIsShownToBeWrong(String reference) {
        assertThat(catchThrowableOfType(ConsentRefusal.class, () -> openId.ask(carried(reference))))
                .returns(null, ConsentRefusal::back)
                .returns("invalid_request_uri", ConsentRefusal::code);
    }

    @Test
    void anIdTokenIsNoRequest() {
        String idToken = json(token(openId, "openid")).getString("id_token");

        assertThat(catchThrowableOfType(
                        ConsentRefusal.class,
                        () -> openId.ask(carried("urn:ietf:params:oauth:request_uri:" + idToken))))
                .isNotNull();
    }

    @Test
    void aReferenceCannotBePushedAndOnlyOnesOwnRequestCan() {
        assertThat(openId.post("par", request("openid").with("request_uri", "urn:x"), basic())
                        .status())
                .isEqualTo(400);
        assertThat(openId.post("par", request("openid").with("client_id", "other"), basic())
                        .status())
                .isEqualTo(400);
    }

    private String push(Parameters request) {
        SandboxReply reply = openId.post("par", request, basic());
        assertThat(reply.status()).isEqualTo(201);
        return json(reply).getString("request_uri");
    }

    private static Parameters carried(String reference) {
        return new Parameters().with("client_id", CLIENT_ID).with("request_uri", reference);
    }

    private String code() {
        return plain.code(request("mail.read"), "mail.read");
    }

    private static SandboxReply token(Emulation server, String scopes, String... ticked) {
        return server.post("token", exchange(server.code(request(scopes), ticked)), basic());
    }

    private static String error(SandboxReply answer) {
        return json(answer).getString("error");
    }
}
