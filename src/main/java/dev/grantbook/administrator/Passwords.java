package dev.grantbook.administrator;

import dev.grantbook.oauth.Secret;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Generates, hashes and verifies passwords of administrators. */
@ApplicationScoped
class Passwords {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";

    /** OWASP's recommendation for PBKDF2 with HMAC-SHA-512. */
    private static final String ITERATIONS = "210000";

    private static final Map<String, String> PBKDF2 = Map.of(
            "Pbkdf2PasswordHash.Algorithm",
            ALGORITHM,
            "Pbkdf2PasswordHash.Iterations",
            ITERATIONS,
            "Pbkdf2PasswordHash.SaltSizeBytes",
            "32",
            "Pbkdf2PasswordHash.KeySizeBytes",
            "32");

    /** In the place of an unknown administrator's hash: as long to verify, and no password is known to have it. */
    private static final String NOBODYS = String.join(":", ALGORITHM, ITERATIONS, zeros(), zeros());

    /** 20 characters out of 62 carry 119 bits. */
    private static final int LENGTH = 20;

    @Inject
    Pbkdf2PasswordHash pbkdf2;

    @Inject
    SecureRandom random;

    @PostConstruct
    void prepare() {
        pbkdf2.initialize(PBKDF2);
    }

    Secret fresh() {
        return new Secret(Secret.random(random).value().substring(0, LENGTH));
    }

    String hash(String password) {
        return pbkdf2.generate(password.toCharArray());
    }

    /** @param hash null for an unknown name, which takes as long: timing does not reveal names */
    boolean verify(String password, @Nullable String hash) {
        return pbkdf2.verify(password.toCharArray(), hash == null ? NOBODYS : hash);
    }

    private static String zeros() {
        return Base64.getEncoder().encodeToString(new byte[32]);
    }
}
