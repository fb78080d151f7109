package dev.grantbook.administrator;

import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Generates, hashes and verifies passwords of administrators. A hash is {@code algorithm:iterations:salt:key}, so that
 * one that was made with another count goes on.
 */
@ApplicationScoped
class Passwords {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";

    /** OWASP's recommendation for PBKDF2 with HMAC-SHA-512. */
    private static final int ITERATIONS = 210_000;

    /** Bytes of salt and key. */
    private static final int SIZE = 32;

    /** In the place of an unknown administrator's hash: as long to verify, and no password is known to have it. */
    private static final String NOBODYS = format(new byte[SIZE], new byte[SIZE]);

    /** 20 characters out of 62 carry 119 bits. */
    private static final int LENGTH = 20;

    @Inject
    SecureRandom random;

    Secret fresh() {
        return new Secret(Secret.random(random).value().substring(0, LENGTH));
    }

    String hash(String password) {
        byte[] salt = new byte[SIZE];
        random.nextBytes(salt);
        return format(salt, derive(password, ALGORITHM, ITERATIONS, salt, SIZE));
    }

    private static String format(byte[] salt, byte[] key) {
        Base64.Encoder base64 = Base64.getEncoder();
        return String.join(
                ":", ALGORITHM, String.valueOf(ITERATIONS), base64.encodeToString(salt), base64.encodeToString(key));
    }

    /** @param hash null for an unknown name, which takes as long: timing does not reveal names */
    boolean verify(String password, @Nullable String hash) {
        String[] parts = (hash == null ? NOBODYS : hash).split(":", -1);
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] key = Base64.getDecoder().decode(parts[3]);
        return MessageDigest.isEqual(key, derive(password, parts[0], Integer.parseInt(parts[1]), salt, key.length));
    }

    private static byte[] derive(String password, String algorithm, int iterations, byte[] salt, int size) {
        try {
            var parameters = new PBEKeySpec(password.toCharArray(), salt, iterations, size * Byte.SIZE);
            return SecretKeyFactory.getInstance(algorithm)
                    .generateSecret(parameters)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot hash a password", e);
        }
    }
}
