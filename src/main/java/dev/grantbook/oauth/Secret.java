package dev.grantbook.oauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A text that must not be seen: a state, a code, a verifier, a key, a token. It redacts itself wherever it is printed.
 *
 * @param value the text in clear; never empty
 */
public record Secret(String value) {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** 43 characters of 62 carry just over 256 bits. */
    private static final int LENGTH = 43;

    public Secret {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret cannot be empty");
        }
    }

    /**
     * A fresh secret of 256 random bits, alphanumeric: some providers put the state back into the callback without
     * encoding it, and LINE documents that nothing else is allowed.
     */
    public static Secret random(SecureRandom random) {
        return new Secret(random.ints(LENGTH, 0, ALPHABET.length())
                .map(ALPHABET::charAt)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    /** SHA-256 in hex, 64 characters: what is stored of secrets that are only ever compared. */
    public String hash() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** HMAC-SHA256 (RFC 2104) of a text with this secret as the key, in hex, 64 characters. */
    public String hmacSha256(String text) {
        return hmacSha256(text.getBytes(StandardCharsets.UTF_8));
    }

    public String hmacSha256(byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(value.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Whether this is the secret that was stored as the given hash; takes the same time for every wrong one. */
    public boolean matches(String hash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
