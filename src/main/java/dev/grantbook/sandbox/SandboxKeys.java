package dev.grantbook.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/** Signs what emulated providers say of their users. All share one key, which the first use writes down. */
@ApplicationScoped
public class SandboxKeys {

    private static final int BITS = 2048;

    @Inject
    Settings settings;

    /** An ID token signed with a key of the provider's own, {@code RS256}. */
    public String sign(JsonObject claims) {
        try {
            RSAKey key = key();
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .type(JOSEObjectType.JWT)
                    .keyID(key.getKeyID())
                    .build();
            return sign(header, claims, new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("an RSA key of our own signs", e);
        }
    }

    /** An ID token signed with the client's secret, {@code HS256}. */
    public String sign(JsonObject claims, Secret clientSecret) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(JOSEObjectType.JWT)
                    .build();
            return sign(header, claims, new MACSigner(clientSecret.value().getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            throw new IllegalStateException("the sandbox's client secret is long enough to sign", e);
        }
    }

    /** The public half (RFC 7517 section 5). */
    public JsonObject published() {
        String set = new JWKSet(key().toPublicJWK()).toString();
        try (var reader = Json.createReader(new StringReader(set))) {
            return reader.readObject();
        }
    }

    /** The same in certificates by their ids, as Google's older kits read them. */
    public JsonObject certificates() {
        try {
            RSAKey key = key();
            return SandboxReply.object(key.getKeyID(), SelfSigned.certificate(key.toKeyPair()));
        } catch (JOSEException e) {
            throw new IllegalStateException("an RSA key of our own is one", e);
        }
    }

    private static String sign(JWSHeader header, JsonObject claims, JWSSigner signer) throws JOSEException {
        var object = new JWSObject(header, new Payload(claims.toString()));
        object.sign(signer);
        return object.serialize();
    }

    private synchronized RSAKey key() {
        Path file = settings.data().resolve("sandbox-signing-key");
        try {
            if (!Files.exists(file)) {
                RSAKey fresh = new RSAKeyGenerator(BITS)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(JWSAlgorithm.RS256)
                        .keyIDFromThumbprint(true)
                        .generate();
                PrivateFile.write(file, fresh.toJSONString());
            }
            return JWK.parse(PrivateFile.read(file)).toRSAKey();
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("the sandbox's signing key cannot be used", e);
        }
    }
}
