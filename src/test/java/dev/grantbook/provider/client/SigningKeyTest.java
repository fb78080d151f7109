package dev.grantbook.provider.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.provider.http.ProviderException;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signatures as Mixin takes them. The key is that of RFC 8032 section 7.1, test 1; the digests are those that Mixin's
 * own kit for Node (7.5.5) put into its tokens for the same calls; signatures are checked by the JDK, which had no part
 * in them.
 */
class SigningKeyTest {

    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    private static final UUID REQUEST = UUID.fromString("7c0e6f1a-5c0b-4d3e-9a53-7c1f7f0a8f11");
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static final Secret KEPT = new Secret("""
            {"kty":"OKP","crv":"Ed25519","x":"%s","d":"%s","client_id":"6a4a121d-9673-4a7e-a93e-cb9ca4bb83a2",\
            "authorization_id":"0fbe9a47-7f3f-4a3b-a4a4-2d6e7bf7c001","scope":"PROFILE:READ ASSETS:READ",\
            "server_key":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""".formatted(base64(PUBLIC), base64(SEED)));

    private final SigningKey key = SigningKey.in(KEPT).orElseThrow();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /assets?limit=3 | '' | d2b138c8261c14ba43617b114f444ac786039f3d1641c15da8398d1c5dab9f63",
                "POST | /users/fetch | [\"a11ce000-0000-4000-8000-000000000001\"] |"
                        + " 00a341610731bab3fc7ee6c182aea618e1a312a8eb977ebe31c3ae88e472ab68"
            })
    @DisplayName("2.20 A signed call bears the JWT that Mixin's own kit makes of the same call and key")
    void signsAsMixinsOwnKitDoes(String method, String uri, String body, String digest) throws Exception {
        SigningKey.Signed signed = key.sign(method, uri, body.getBytes(StandardCharsets.UTF_8), REQUEST, NOW);

        String[] parts =
                signed.authorization().value().substring("Bearer ".length()).split("\\.", -1);
        assertThat(json(parts[0])).isEqualTo(object("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}"));
        assertThat(json(parts[1])).isEqualTo(object("""
                                {"iss":"6a4a121d-9673-4a7e-a93e-cb9ca4bb83a2","aid":"0fbe9a47-7f3f-4a3b-a4a4-2d6e7bf7c001",\
                                "iat":1795348800,"exp":1795349100,"jti":"7c0e6f1a-5c0b-4d3e-9a53-7c1f7f0a8f11","sig":"%s",\
                                "scp":"PROFILE:READ ASSETS:READ"}""".formatted(digest)));
        assertThat(verifies(PUBLIC, parts)).isTrue();
        assertThat(signed.requestId()).isEqualTo(REQUEST.toString());
        assertThat(signed.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    }

    @Test
    @DisplayName(
            "2.20 A fresh key pair is another one each time, and its public half checks what its private half signs")
    void aFreshKeyPairIsItsOwn() throws Exception {
        var random = new SecureRandom();
        var pair = SigningKey.pair(random);
        SigningKey bound = SigningKey.bound(pair, "bot", object("{\"authorization_id\":\"a-1\",\"scope\":\"x\"}"));

        String token = bound.sign("GET", "/me", new byte[0], REQUEST, NOW)
                .authorization()
                .value()
                .substring("Bearer ".length());

        assertThat(verifies(HexFormat.of().formatHex(pair.getX().decode()), token.split("\\.", -1)))
                .isTrue();
        assertThat(SigningKey.pair(random).getX()).isNotEqualTo(pair.getX());
        assertThat(bound.serverKey()).isNull();
    }

    @Test
    void isKeptAndReadAsItWas() {
        assertThat(key.secret()).isEqualTo(KEPT);
        assertThat(key.serverKey()).isEqualTo("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assertThat(key).asString().doesNotContain(base64(SEED));
        assertThat(SigningKey.in(new Secret("eyJhbGciOiJFZERTQSJ9.e30.c2ln"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"authorization_id\":\"\"}",
                "{\"authorization_id\":7}",
                "{\"authorization_id\":\"a b\"}",
                "{\"access_token\":\"t\",\"scope\":\"PROFILE:READ\"}"
            })
    @DisplayName("2.20 A reply that names no authorization is refused, and says which setting asks for one")
    void aReplyWithoutAnAuthorizationIsRefused(String reply) {
        var pair = SigningKey.pair(new SecureRandom());

        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> SigningKey.bound(pair, "bot", object(reply)))
                .withMessageContaining("authorization_id")
                .withMessageContaining("presentation: ed25519-jwt");
    }

    private static boolean verifies(String publicKey, String[] parts) throws Exception {
        byte[] encoded = HexFormat.of().parseHex("302a300506032b6570032100" + publicKey);
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return verifier.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static JsonObject json(String part) {
        return object(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private static JsonObject object(String text) {
        return Json.readObject(text);
    }

    private static String base64(String hex) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(HexFormat.of().parseHex(hex));
    }
}
