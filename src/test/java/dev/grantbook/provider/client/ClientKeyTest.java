package dev.grantbook.provider.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.provider.TestKeys;
import dev.grantbook.testing.TestClock;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client with a key shows, and which keys it may have. */
class ClientKeyTest {

    private static final String SERVER = "https://sso.example/realm";

    private final TestClock clock = new TestClock();

    static Stream<Arguments> keys() throws Exception {
        return Stream.of(
                arguments("RSA as PEM", pem(TestKeys.RSA.toPrivateKey().getEncoded()), "RS256"),
                arguments(
                        "P-256 as PEM",
                        pem(pkcs8(
                                TestKeys.EC.getD().decode(),
                                TestKeys.EC.getX().decode(),
                                TestKeys.EC.getY().decode())),
                        "ES256"),
                arguments(
                        "Ed25519 as PEM",
                        pem(KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded()),
                        "EdDSA"),
                arguments("RSA as JWK", TestKeys.RSA.toJSONString(), "RS256"),
                arguments(
                        "RSA as JWK that names its algorithm",
                        new RSAKey.Builder(TestKeys.RSA)
                                .algorithm(JWSAlgorithm.PS256)
                                .build()
                                .toJSONString(),
                        "PS256"),
                arguments("P-256 as JWK", TestKeys.EC.toJSONString(), "ES256"),
                arguments("Ed25519 as JWK", TestKeys.ED.toJSONString(), "EdDSA"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void anAssertionFitsThePublishedKey(String name, String text, String algorithm) throws Exception {
        ClientKey key = read(text);

        JWSObject assertion = JWSObject.parse(key.assertion("bot-1", SERVER));

        assertThat(assertion.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        JWKSet published = JWKSet.parse(key.publicKeys().toString());
        assertThat(published.getKeys()).singleElement().satisfies(half -> {
            assertThat(half.getKeyID()).isEqualTo(assertion.getHeader().getKeyID());
            assertThat(half.isPrivate()).isFalse();
        });
        assertThat(Signatures.fit(assertion, published)).isTrue();
    }

    @Test
    void anAssertionIsForOneServerAndAMinute() throws Exception {
        JsonObject claims = claims(read(TestKeys.EC.toJSONString()));

        assertThat(claims.getString("iss")).isEqualTo("bot-1");
        assertThat(claims.getString("sub")).isEqualTo("bot-1");
        assertThat(claims.getString("aud")).isEqualTo(SERVER);
        assertThat(claims.getInt("iat")).isEqualTo(clock.instant().getEpochSecond());
        assertThat(claims.getInt("exp")).isEqualTo(clock.instant().getEpochSecond() + 60);
    }

    @Test
    void noTwoAssertionsAreTheSame() throws Exception {
        ClientKey key = read(TestKeys.EC.toJSONString());

        assertThat(claims(key).getString("jti"))
                .hasSizeGreaterThan(20)
                .isNotEqualTo(claims(key).getString("jti"));
    }

    @Test
    void aKeyIsCalledByItsNameOrItsThumbprint() throws Exception {
        String nameless =
                new OctetKeyPair.Builder(TestKeys.ED).keyID(null).build().toJSONString();

        assertThat(name(read(TestKeys.ED.toJSONString()))).isEqualTo("ed-1");
        assertThat(name(read(nameless)))
                .isEqualTo(TestKeys.ED.computeThumbprint().toString());
    }

    @Test
    void nothingPrivateIsPublishedOrPrinted() {
        ClientKey key = read(TestKeys.RSA.toJSONString());
        String secret = TestKeys.RSA.getPrivateExponent().toString();

        assertThat(key.publicKeys().toString()).doesNotContain(secret, "\"d\"", "\"p\"", "\"q\"");
        assertThat(key.toString()).doesNotContain(secret);
    }

    static Stream<Arguments> others() throws Exception {
        return Stream.of(
                arguments("nothing", "x"),
                arguments("not JSON", "{"),
                arguments("not a key", "{}"),
                arguments("a public key", TestKeys.RSA.toPublicJWK().toJSONString()),
                arguments("a shared key", "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}"),
                arguments(
                        "another curve",
                        new ECKeyGenerator(Curve.P_384).generate().toJSONString()),
                arguments(
                        "too short", new RSAKeyGenerator(1024, true).generate().toJSONString()),
                arguments(
                        "an algorithm of another kind",
                        new RSAKey.Builder(TestKeys.RSA)
                                .algorithm(JWSAlgorithm.HS256)
                                .build()
                                .toJSONString()),
                arguments("an empty PEM", pem(new byte[] {})),
                arguments("PEM of nonsense", pem(new byte[] {1, 2, 3})),
                arguments(
                        "encrypted PEM",
                        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----"),
                arguments("PEM of P-256 without the public point", pem(ecWithoutPoint())),
                arguments("PEM of another curve", pem(otherCurve())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void othersAreRefusedInWords(String name, String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(text))
                .withMessageStartingWith("a private key is wanted, RSA (2048 bits or more), P-256 or Ed25519");
    }

    @Test
    void twoHalvesThatDoNotBelongTogetherAreFoundOut() {
        JsonObject mixed = Json.createObjectBuilder(json(TestKeys.ED.toJSONString()))
                .add(
                        "x",
                        json(read(pemOfEd25519())
                                        .publicKeys()
                                        .getJsonArray("keys")
                                        .get(0)
                                        .toString())
                                .getString("x"))
                .build();

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(mixed.toString()))
                .withMessage("the public half of the key does not belong to the private one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void whatIsWrongIsSaidWithoutTheKey(String kind) {
        JWK key = kind.equals("RSA") ? TestKeys.RSA : TestKeys.EC;
        String broken = key.toJSONString().replace("\"kty\":\"" + kind + "\"", "\"kty\":\"X\"");
        String secret = json(key.toJSONString()).getString("d");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(broken))
                .satisfies(refusal -> {
                    assertThat(refusal).hasMessageNotContaining(secret);
                    assertThat(refusal.getCause()).isNull();
                });
    }

    private ClientKey read(String text) {
        return ClientKey.read(new Secret(text), clock, new SecureRandom());
    }

    private static JsonObject claims(ClientKey key) throws Exception {
        return json(JWSObject.parse(key.assertion("bot-1", SERVER)).getPayload().toString());
    }

    private static String name(ClientKey key) throws Exception {
        return JWSObject.parse(key.assertion("bot-1", SERVER)).getHeader().getKeyID();
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static String pemOfEd25519() {
        try {
            return pem(KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** As OpenSSL writes it: with the public point at the end. */
    private static byte[] pkcs8(byte[] d, byte[] x, byte[] y) {
        HexFormat hex = HexFormat.of();
        return hex.parseHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"
                + hex.formatHex(d) + "a14403420004" + hex.formatHex(x) + hex.formatHex(y));
    }

    /** As Java writes it. */
    private static byte[] ecWithoutPoint() throws Exception {
        return TestKeys.EC.toPrivateKey().getEncoded();
    }

    private static byte[] otherCurve() throws Exception {
        return new ECKeyGenerator(Curve.P_384).generate().toPrivateKey().getEncoded();
    }
}
