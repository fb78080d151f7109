package dev.grantbook.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/** Signs JWTs of the emulated providers, which share one key of each kind; the first use writes it to a file. */
@ApplicationScoped
public class SandboxKeys {

    private static final int BITS = 2048;

    @Inject
    Settings settings;

    /** Signs with the provider's RSA key, {@code RS256}. */
    public String sign(JsonObjectBuilder claims) {
        RSAKey key = rsaKey();
        try {
            return sign(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()), claims, new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("an RSA key of our own signs", e);
        }
    }

    /** Signs with the client's secret, {@code HS256}. */
    public String sign(JsonObjectBuilder claims, Secret clientSecret) {
        try {
            byte[] key = clientSecret.value().getBytes(StandardCharsets.UTF_8);
            return sign(new JWSHeader.Builder(JWSAlgorithm.HS256), claims, new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the sandbox's client secret is long enough to sign", e);
        }
    }

    /** Signs with the provider's Ed25519 key, {@code EdDSA}. */
    public String signEd25519(JsonObjectBuilder claims) {
        try {
            return sign(new JWSHeader.Builder(JWSAlgorithm.EdDSA), claims, new Ed25519Signer(ed25519Key()));
        } catch (JOSEException e) {
            throw new IllegalStateException("an Ed25519 key of our own signs", e);
        }
    }

    private static String sign(JWSHeader.Builder header, JsonObjectBuilder claims, JWSSigner signer)
            throws JOSEException {
        var payload = new Payload(claims.build().toString());
        var object = new JWSObject(header.type(JOSEObjectType.JWT).build(), payload);
        object.sign(signer);
        return object.serialize();
    }

    /** The claims of a JWT that was signed with the RSA key; empty for any other text. */
    public Optional<JsonObject> open(String signed) {
        try {
            JWSObject object = JWSObject.parse(signed);
            return object.verify(new RSASSAVerifier(rsaKey()))
                    ? SandboxCall.readObject(object.getPayload().toString())
                    : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    /** The public RSA key as a key set (RFC 7517 section 5). */
    public Map<String, Object> published() {
        return new JWKSet(rsaKey()).toJSONObject();
    }

    /** The 32 bytes of the public Ed25519 key in base64url. */
    public String publishedEd25519() {
        return ed25519Key().getX().toString();
    }

    /** Certificates of the public RSA key by their ids, as Google's older kits read them. */
    public Map<String, String> certificates() {
        RSAKey key = rsaKey();
        try {
            return Map.of(key.getKeyID(), SelfSigned.certificate(key.toKeyPair()));
        } catch (JOSEException e) {
            throw new IllegalStateException("an RSA key of our own is one", e);
        }
    }

    private RSAKey rsaKey() {
        var generator = new RSAKeyGenerator(BITS).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.RS256);
        return read("sandbox-signing-key", generator).toRSAKey();
    }

    private OctetKeyPair ed25519Key() {
        return read("sandbox-ed25519-key", new OctetKeyPairGenerator(Curve.Ed25519))
                .toOctetKeyPair();
    }

    private synchronized JWK read(String name, JWKGenerator<?> generator) {
        Path file = settings.data().resolve(name);
        try {
            if (!Files.exists(file)) {
                PrivateFile.write(
                        file, generator.keyIDFromThumbprint(true).generate().toJSONString());
            }
            return JWK.parse(PrivateFile.read(file));
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("the sandbox's " + name + " cannot be used", e);
        }
    }
}
