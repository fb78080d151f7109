package dev.grantbook.oauth;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Proof key for code exchange (RFC 7636). The verifier is 43 characters of base64url, 256 random bits (section 4.1).
 */
public record Pkce(Secret verifier) {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    public static Pkce random(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return new Pkce(new Secret(ENCODER.encodeToString(bytes)));
    }

    /** Returns the {@code S256} challenge, over the ASCII characters of the verifier (section 4.2). */
    public String s256() {
        return challenge(verifier.value().getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns Mixin's challenge, over the bytes that the verifier decodes to; not part of RFC 7636. */
    public String rawBytes() {
        return challenge(Base64.getUrlDecoder().decode(verifier.value()));
    }

    private static String challenge(byte[] input) {
        return ENCODER.encodeToString(Secret.sha256(input));
    }
}
