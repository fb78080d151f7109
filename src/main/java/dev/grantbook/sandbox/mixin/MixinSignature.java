package dev.grantbook.sandbox.mixin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The JWT that a signed call of Mixin's API bears (MixinNetwork/bot-api-go-client {@code auth.go},
 * {@code SignOauthAccessToken}; MixinNetwork/bot-api-nodejs-client {@code src/client/utils/auth.ts}).
 */
record MixinSignature(JWSObject jwt, JsonObject claims) {

    /** Seconds that the bot's clock may be ahead. */
    private static final long SKEW = 60;

    /** Parses the token of a call; empty when it is no JWT. */
    static Optional<MixinSignature> read(String token) {
        try {
            JWSObject jwt = JWSObject.parse(token);
            return SandboxCall.readObject(jwt.getPayload().toString()).map(claims -> new MixinSignature(jwt, claims));
        } catch (ParseException e) {
            return Optional.empty();
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

    /** Id of the authorization that the call names. */
    String authorization() {
        return claims.getString("aid", "");
    }

    /**
     * Whether it is valid for a call.
     *
     * @param uri path and query, as they came
     * @param holder the authorization that it names
     * @param publicKey the one that the authorization is bound to
     */
    boolean fits(SandboxCall call, String uri, SandboxAuthorization holder, byte[] publicKey, Instant now) {
        return JWSAlgorithm.EdDSA.equals(jwt.getHeader().getAlgorithm())
                && holder.isHeldBy(claims.getString("iss", ""))
                && readSeconds("exp") > now.getEpochSecond()
                && readSeconds("iat") <= now.getEpochSecond() + SKEW
                && !call.header("x-request-id").isEmpty()
                && claims.getString("jti", "").equals(call.header("x-request-id"))
                && claims.getString("sig", "").equals(digest(call.method(), uri, call.body()))
                && names(holder)
                && isSignedBy(publicKey);
    }

    /** 0 when it is absent. */
    private long readSeconds(String name) {
        return claims.get(name) instanceof JsonNumber seconds ? seconds.longValue() : 0;
    }

    /** Whether it names the scopes of the token reply; those that the user has withdrawn since may be among them. */
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
            var key = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(publicKey)).build();
            return jwt.verify(new Ed25519Verifier(key));
        } catch (JOSEException e) {
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

    /** A bearer of the JWT can make the call. */
    @Override
    public String toString() {
        return "[signature]";
    }
}
