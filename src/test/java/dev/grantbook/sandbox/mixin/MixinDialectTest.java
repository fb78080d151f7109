package dev.grantbook.sandbox.mixin;

import static dev.grantbook.sandbox.Emulation.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.sandbox.Emulation;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.testing.Configuration;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The emulated Mixin with keys, as a client meets it that was written without our own classes. */
class MixinDialectTest {

    private static final String REQUEST = "7c0e6f1a-5c0b-4d3e-9a53-7c1f7f0a8f11";

    /**
     * Made with Mixin's own kit for Node (7.5.5), with the key of RFC 8032 section 7.1, test 1, for GET /assets?limit=3
     * on 2026-11-22 at noon.
     */
    private static final String BY_THE_KIT = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9."
            + "eyJpc3MiOiI2YTRhMTIxZC05NjczLTRhN2UtYTkzZS1jYjljYTRiYjgzYTIiLCJhaWQiOiIwZmJlOWE0Ny03ZjNmLTRhM2ItYTRhNC0y"
            + "ZDZlN2JmN2MwMDEiLCJpYXQiOjE3OTUzNDg4MDAsImV4cCI6MTc5NTM1MjQwMCwianRpIjoiN2MwZTZmMWEtNWMwYi00ZDNlLTlhNTMt"
            + "N2MxZjdmMGE4ZjExIiwic2lnIjoiZDJiMTM4YzgyNjFjMTRiYTQzNjE3YjExNGY0NDRhYzc4NjAzOWYzZDE2NDFjMTVkYTgzOThkMWM1"
            + "ZGFiOWY2MyIsInNjcCI6IlBST0ZJTEU6UkVBRCBBU1NFVFM6UkVBRCJ9."
            + "zqqKnNw2C9gvlYhA4Kaupe6XrzxtLFeLcPP2xiLZGltBGr1kRLts-DkuFF9q5qC_6wyyFOWuheroI9keG7l8Bw";

    private static final String KITS_KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path data;

    @SuppressWarnings("NullAway.Init")
    private Emulation mixin;

    @SuppressWarnings("NullAway.Init")
    private KeyPair pair;

    @BeforeEach
    void register() throws Exception {
        mixin = new Emulation(configuration, data, new MixinDialect());
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @Test
    @DisplayName("2.20 The sandbox's Mixin binds an authorization to a key, and checks each call with it")
    void bindsAnAuthorizationToAKey() throws Exception {
        JsonObject bound = bound();
        assertThat(bound).containsOnlyKeys("ed25519", "authorization_id", "scope");

        SandboxReply me = mixin.answer(call("GET", "me", "", bound, Map.of()));

        assertThat(json(me).getJsonObject("data").getString("user_id")).isEqualTo(SandboxAccount.ALICE.userId());
        String[] integrity =
                String.valueOf(me.headers().get("X-Integrity-Token")).split("\\.", -1);
        assertThat(claims(integrity[1]).getString("jti")).isEqualTo(REQUEST);
        assertThat(claims(integrity[1]).getString("sig")).isEqualTo(MixinSignature.digest("GET", "/me", me.body()));
        assertThat(me.headers()).containsEntry("X-Request-Id", REQUEST);
        SandboxReply users =
                mixin.answer(call("POST", "users/fetch", "[\"" + SandboxAccount.BOB.userId() + "\"]", bound, Map.of()));
        assertThat(json(users).getJsonArray("data")).hasSize(1);
        assertThat(json(mixin.answer(call("GET", "friends", "", bound, Map.of())))
                        .getJsonObject("error")
                        .getInt("code"))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "iss, somebody-else",
        "aid, 0fbe9a47-7f3f-4a3b-a4a4-2d6e7bf7c001",
        "jti, another",
        "sig, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "scp, PROFILE:READ",
        "scp, PROFILE:READ ASSETS:READ CONTACTS:READ",
        "exp, 0",
        "iat, 9999999999"
    })
    @DisplayName("2.20 The sandbox's Mixin refuses a signature with one claim that is wrong")
    void refusesASignatureWithAWrongClaim(String claim, String value) throws Exception {
        JsonObject bound = bound();

        assertUnauthorized(mixin.answer(call("GET", "me", "", bound, Map.of(claim, value))));
    }

    @Test
    @DisplayName("2.20 The sandbox's Mixin refuses a signature for another call, by another key, or after its end")
    void refusesASignatureThatIsNotForThisCall() throws Exception {
        JsonObject bound = bound();
        SandboxCall me = call("GET", "me", "", bound, Map.of());

        assertUnauthorized(mixin.answer(new SandboxCall("GET", "assets", new Parameters(), me.headers(), "")));
        assertUnauthorized(
                mixin.answer(new SandboxCall("GET", "me", new Parameters().with("x", "1"), me.headers(), "")));
        assertUnauthorized(mixin.answer(new SandboxCall(
                "GET", "me", new Parameters(), Map.of("authorization", me.header("authorization")), "")));
        mixin.clock.advance(Duration.ofMinutes(6));
        assertUnauthorized(mixin.answer(me));
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertUnauthorized(mixin.answer(call("GET", "me", "", bound, Map.of())));
    }

    @Test
    @DisplayName("2.20 What Mixin's own kit signs fits, and nothing but that call")
    void takesWhatMixinsOwnKitSigns() {
        MixinSignature signature = MixinSignature.read(BY_THE_KIT).orElseThrow();
        byte[] key = MixinSignature.publicKey(KITS_KEY).orElseThrow();
        SandboxAuthorization holder = new SandboxAuthorization(
                signature.authorization(),
                new SandboxAuthorization.Consent(
                        "mixin",
                        "6a4a121d-9673-4a7e-a93e-cb9ca4bb83a2",
                        SandboxAccount.ALICE,
                        Scopes.of("PROFILE:READ", "ASSETS:READ"),
                        null),
                new Secret("code"),
                Instant.EPOCH,
                Instant.EPOCH);
        var call = new SandboxCall(
                "GET", "assets", new Parameters().with("limit", "3"), Map.of("x-request-id", REQUEST), "");
        Instant now = Instant.parse("2026-11-22T12:00:30Z");

        assertThat(signature.fits(call, call.uri(), holder, key, now)).isTrue();
        assertThat(signature.fits(call, "/assets?limit=4", holder, key, now)).isFalse();
        assertThat(signature.fits(call, call.uri(), holder, key, now.plus(Duration.ofHours(1))))
                .isFalse();
        assertThat(signature.fits(call, call.uri(), holder, new byte[32], now)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "not base64url!", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo11"})
    @DisplayName("2.20 The sandbox's Mixin names a public key that is none")
    void namesAKeyThatIsNone(String key) {
        JsonObject error = json(mixin.postJson("oauth/token", tokenRequest().with("ed25519", key), Map.of()))
                .getJsonObject("error");

        assertThat(error.getInt("code")).isEqualTo(10002);
        assertThat(error.getJsonObject("extra").getString("field")).isEqualTo("ed25519");
    }

    private void assertUnauthorized(SandboxReply answer) {
        assertThat(json(answer).getJsonObject("error").getInt("code")).isEqualTo(401);
    }

    private Parameters tokenRequest() {
        String code = mixin.code(
                new Parameters()
                        .with("client_id", Emulation.CLIENT_ID)
                        .with("scope", "PROFILE:READ ASSETS:READ")
                        .with("state", Emulation.STATE),
                "PROFILE:READ",
                "ASSETS:READ");
        return Emulation.withSecret(new Parameters().with("code", code));
    }

    private JsonObject bound() {
        byte[] encoded = pair.getPublic().getEncoded();
        String key = base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        return json(mixin.postJson("oauth/token", tokenRequest().with("ed25519", key), Map.of()))
                .getJsonObject("data");
    }

    private SandboxCall call(String method, String path, String body, JsonObject bound, Map<String, String> wrong)
            throws Exception {
        long now = mixin.clock.instant().getEpochSecond();
        Map<String, Object> claims = new HashMap<>(Map.of(
                "iss",
                Emulation.CLIENT_ID,
                "aid",
                bound.getString("authorization_id"),
                "scp",
                bound.getString("scope"),
                "iat",
                now,
                "exp",
                now + 300,
                "jti",
                REQUEST,
                "sig",
                MixinSignature.digest(method, "/" + path, body)));
        wrong.forEach((name, value) ->
                claims.put(name, claims.get(name) instanceof Long ? (Object) Long.valueOf(value) : value));
        String signed = base64("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(Json.createObjectBuilder(claims).build().toString().getBytes(StandardCharsets.UTF_8));
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
        return new SandboxCall(
                method,
                path,
                new Parameters(),
                Map.of("authorization", "Bearer " + signed + "." + base64(signer.sign()), "x-request-id", REQUEST),
                body);
    }

    private static JsonObject claims(String part) {
        String text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        return json(new SandboxReply(200, "application/json", text, Map.of()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
