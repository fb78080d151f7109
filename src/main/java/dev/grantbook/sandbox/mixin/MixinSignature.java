package dev.grantbook.sandbox.mixin;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The JWT that a signed call of Mixin's API bears (MixinNetwork/bot-api-go-client {@code auth.go},
 * {@code SignOauthAccessToken}; MixinNetwork/bot-api-nodejs-client {@code src/client/utils/auth.ts}).
 *
 * @param signed header and payload, as they were signed
 * @param signature in base64url
 */
record MixinSignature(JsonObject header, JsonObject claims, String signed, String signature) {

    /** Clocks differ. */
    private static final long SKEW = 60;

    /** What stands before the 32 bytes of a key in its X.509 form (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** The token of a call; empty when it is no signed one. */
    static Optional<MixinSignature> read(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MixinSignature(json(parts[0]), json(parts[1]), parts[0] + "." + parts[1], parts[2]));
        } catch (RuntimeException e) {
            return Optional.empty(); // neither base64url nor JSON: what is wrong is nobody's business
        }
    }

    /** A public key as the token request carries it: 32 bytes in base64url. Empty when it is none. */
    static Optional<byte[]> publicKey(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text)).filter(key -> key.length == 32);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The authorization that the call names. */
    String authorization() {
        return claims.getString("aid", "");
    }

    /**
     * Whether it is good for a call.
     *
     * @param uri path and query, as they came
     * @param holder the authorization that it names
     * @param publicKey the one that the authorization is bound to
     */
    boolean fits(SandboxCall call, String uri, SandboxAuthorization holder, byte[] publicKey, Instant now) {
        return header.getString("alg", "").equals("EdDSA")
                && claims.getString("iss", "").equals(holder.clientId())
                && moment("exp") > now.getEpochSecond()
                && moment("iat") <= now.getEpochSecond() + SKEW
                && !call.header("x-request-id").isEmpty()
                && claims.getString("jti", "").equals(call.header("x-request-id"))
                && claims.getString("sig", "").equals(digest(call.method(), uri, call.body()))
                && names(holder)
                && isSignedBy(publicKey);
    }

    /** Seconds; 0 when it is absent. */
    private long moment(String name) {
        return claims.get(name) instanceof JsonNumber seconds ? seconds.longValue() : 0;
    }

    /** The scopes of the token reply; what the user has taken back since is still among them. */
    private boolean names(SandboxAuthorization holder) {
        try {
            Scopes named = Scopes.parse(claims.getString("scp", ""), ' ');
            return named.contains(holder.scopes())
                    && holder.scopes().plus(holder.declined()).contains(named);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isSignedBy(byte[] publicKey) {
        try {
            byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + publicKey.length);
            System.arraycopy(publicKey, 0, encoded, ED25519_PREFIX.length, publicKey.length);
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(Base64.getUrlDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // 32 bytes that are no point of the curve, or a signature of another length
        }
    }

    /** SHA-256 in hex of method, path with query, and body, of the call or of its reply. */
    static String digest(String method, String uri, String body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest((method + uri + body).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JsonObject json(String part) {
        String text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** Whoever has it can make the call. */
    @Override
    public String toString() {
        return "[signature]";
    }
}
