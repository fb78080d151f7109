package dev.grantbook.sandbox.mixin;

import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Signs what the emulated Mixin answers to signed calls; the first use writes its key down. */
@ApplicationScoped
class MixinKeys {

    private static final String ALGORITHM = "Ed25519";
    private static final int LENGTH = 32;
    private static final long LIFETIME = 300;

    @Inject
    Settings settings;

    /** The public key, as token replies have it. */
    String published() {
        byte[] encoded = pair().getPublic().getEncoded();
        return base64(Arrays.copyOfRange(encoded, encoded.length - LENGTH, encoded.length));
    }

    /** The {@code X-Integrity-Token} of a reply. */
    String integrity(String requestId, String digest, Instant now) {
        String header = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}";
        String claims = Json.createObjectBuilder()
                .add("iat", now.getEpochSecond())
                .add("exp", now.getEpochSecond() + LIFETIME)
                .add("jti", requestId)
                .add("sig", digest)
                .build()
                .toString();
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            var signer = Signature.getInstance(ALGORITHM);
            signer.initSign(pair().getPrivate());
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key of our own signs", e);
        }
    }

    private synchronized KeyPair pair() {
        Path file = settings.data().resolve("sandbox-mixin-key");
        try {
            if (!Files.exists(file)) {
                KeyPair fresh = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
                PrivateFile.write(
                        file,
                        base64(fresh.getPrivate().getEncoded())
                                + "\n"
                                + base64(fresh.getPublic().getEncoded()));
            }
            String[] halves = PrivateFile.read(file).split("\n", 2);
            var factory = KeyFactory.getInstance(ALGORITHM);
            return new KeyPair(
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getUrlDecoder().decode(halves[1].strip()))),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getUrlDecoder().decode(halves[0].strip()))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the sandbox's key for Mixin cannot be used", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
