package dev.grantbook.provider.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.json.Json;
import jakarta.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private key that a client authenticates with (RFC 7523 section 2.2): RSA of 2048 bits or more, P-256 or Ed25519. A
 * JWK's {@code alg} and {@code kid} are kept; otherwise RSA signs with RS256, which every server knows, and the key is
 * named by its thumbprint (RFC 7638).
 */
public final class ClientKey {

    static final Duration LIFETIME = Duration.ofMinutes(1);

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** Precedes the uncompressed public point of P-256, which ends a PKCS #8 file that contains one (RFC 5915). */
    private static final byte[] BEFORE_POINT = HexFormat.of().parseHex("a14403420004");

    /** Bytes of a P-256 coordinate, and of an Ed25519 key. */
    private static final int SIZE = 32;

    private final JWK key;
    private final JWSHeader header;
    private final Clock clock;
    private final SecureRandom random;

    private ClientKey(JWK key, JWSHeader header, Clock clock, SecureRandom random) {
        this.key = key;
        this.header = header;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Reads PEM (PKCS #8, not encrypted) or a JWK.
     *
     * @throws ConfigurationException saying what would be right, without a part of the key
     */
    public static ClientKey read(Secret text, Clock clock, SecureRandom random) {
        try {
            String trimmed = text.value().strip();
            JWK key = trimmed.startsWith("{") ? JWK.parse(trimmed) : pem(trimmed);
            var header = new JWSHeader.Builder(algorithm(key))
                    .keyID(key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID())
                    .build();
            var read = new ClientKey(key, header, clock, random);
            if (!read.isWhole()) {
                throw new ConfigurationException("the public half of the key does not belong to the private one");
            }
            return read;
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            // Their messages may quote the key.
            throw new ConfigurationException(
                    "a private key is wanted, RSA (2048 bits or more), P-256 or Ed25519, as PEM"
                            + " (\"BEGIN PRIVATE KEY\") or as a JWK");
        }
    }

    /** Makes an assertion for one request to one server (RFC 7523 section 3). */
    String assertion(String clientId, String audience) {
        Instant now = clock.instant();
        String claims = Json.createObjectBuilder()
                .add("iss", clientId)
                .add("sub", clientId)
                .add("aud", audience)
                .add("jti", Secret.random(random).value())
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(LIFETIME).getEpochSecond())
                .build()
                .toString();
        try {
            return sign(claims).serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("the key worked when it was read", e);
        }
    }

    /** The public half as a JWK set (RFC 7517 section 5), for servers that fetch keys of clients. */
    public JsonObject publicKeys() {
        var jwk = Json.createObjectBuilder(Json.readObject(key.toPublicJWK().toJSONString()))
                .add("kid", header.getKeyID())
                .add("alg", header.getAlgorithm().getName())
                .add("use", "sig");
        return Json.createObjectBuilder()
                .add("keys", Json.createArrayBuilder().add(jwk))
                .build();
    }

    private JWSObject sign(String payload) throws JOSEException {
        var object = new JWSObject(header, new Payload(payload));
        object.sign(signer());
        return object;
    }

    private JWSSigner signer() throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return new RSASSASigner(rsa);
        }
        return key instanceof ECKey ec ? new ECDSASigner(ec) : new Ed25519Signer((OctetKeyPair) key);
    }

    private boolean isWhole() throws JOSEException, ParseException {
        return Signatures.fit(sign("{}"), JWKSet.parse(publicKeys().toString()));
    }

    private static JWSAlgorithm algorithm(JWK key) throws JOSEException {
        if (!key.isPrivate()) {
            throw new JOSEException("not a private key");
        }
        List<JWSAlgorithm> possible;
        if (key instanceof RSAKey) {
            possible = List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256);
        } else if (key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
            possible = List.of(JWSAlgorithm.ES256);
        } else if (key instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
            possible = List.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
        } else {
            throw new JOSEException("a kind of key that is not used here");
        }
        if (key.getAlgorithm() == null) {
            return possible.get(0);
        }
        JWSAlgorithm named = JWSAlgorithm.parse(key.getAlgorithm().getName());
        if (!possible.contains(named)) {
            throw new JOSEException("an algorithm that is not used here");
        }
        return named;
    }

    private static JWK pem(String text) throws GeneralSecurityException {
        Matcher matcher = PEM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not PEM");
        }
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            try {
                return jwk(KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der)), der);
            } catch (InvalidKeySpecException e) {
                // The key is of another kind.
            }
        }
        throw new IllegalArgumentException("of no kind that is used here");
    }

    /** Adds the public half, which Java does not derive from a private key. */
    private static JWK jwk(PrivateKey key, byte[] der) throws GeneralSecurityException {
        if (key instanceof RSAPrivateCrtKey rsa) {
            var half = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
            return new RSAKey.Builder(
                            (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(half))
                    .privateKey(rsa)
                    .build();
        }
        if (key instanceof ECPrivateKey ec) {
            int point = der.length - 2 * SIZE;
            int before = point - BEFORE_POINT.length;
            if (before < 0 || !Arrays.equals(Arrays.copyOfRange(der, before, point), BEFORE_POINT)) {
                throw new IllegalArgumentException("without its public point, or of another curve");
            }
            return new ECKey.Builder(Curve.P_256, number(der, point), number(der, point + SIZE))
                    .privateKey(ec)
                    .build();
        }
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow(IllegalArgumentException::new);
        byte[] half = publicHalf(seed);
        return new OctetKeyPair.Builder(Curve.Ed25519, number(half, half.length - SIZE))
                .d(Base64URL.encode(seed))
                .build();
    }

    private static Base64URL number(byte[] from, int start) {
        return Base64URL.encode(Arrays.copyOfRange(from, start, start + SIZE));
    }

    /** Derives the public half (RFC 8032 section 5.1.5), which Java does only for bytes that it drew itself. */
    private static byte[] publicHalf(byte[] seed) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return generator.generateKeyPair().getPublic().getEncoded();
    }

    @Override
    public String toString() {
        return "[key " + header.getKeyID() + "]";
    }
}
