package dev.grantbook.oauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A state, a code, a verifier, a key, a token: never empty, and redacted when printed. */
public record Secret(String value) {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** 43 characters out of 62 carry just over 256 bits. */
    private static final int LENGTH = 43;

    public Secret {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret cannot be empty");
        }
    }

    /** Makes 256 random bits, alphanumeric: some providers return the state unencoded, and LINE allows nothing else. */
    public static Secret random(SecureRandom random) {
        return new Secret(random.ints(LENGTH, 0, ALPHABET.length())
                .map(ALPHABET::charAt)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    /** SHA-256 in hex, 64 characters: stored in place of secrets that are only compared. */
    public String hash() {
        return HexFormat.of().formatHex(sha256(value.getBytes(StandardCharsets.UTF_8)));
    }

    public static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** HMAC-SHA256 (RFC 2104) with this secret as the key, in hex, 64 characters. */
    public String hmacSha256(String text) {
        return hmacSha256(text.getBytes(StandardCharsets.UTF_8));
    }

    public String hmacSha256(byte[] message) {
        return HexFormat.of().formatHex(hmacSha256(value.getBytes(StandardCharsets.UTF_8), message));
    }

    public static byte[] hmacSha256(byte[] key, byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Whether a stored hash is this secret's; compares in constant time. */
    public boolean matches(String hash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
