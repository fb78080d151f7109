package dev.grantbook.provider.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 key pair of a grant whose calls are signed ({@link Presentation#ED25519_JWT}), and the authorization that the
 * provider bound to it.
 *
 * <p>Life: {@link #pair} makes a key pair for one token request, which carries the public key; the reply names the
 * authorization, and {@link #bound} joins both. {@link #secret} is stored in place of an access token: sealed, bound to
 * its row, destroyed when the grant ends.
 *
 * <p>Each call carries a JWT (RFC 7519, EdDSA by RFC 8037) for this call only: {@code iss} is the client id,
 * {@code aid} the authorization, {@code scp} its scopes as the reply wrote them, {@code jti} the header
 * {@code X-Request-Id}, and {@code sig} the SHA-256 in hex of method, path with query, and body, concatenated. It is
 * signed with the key whose public half the token request carried; the reply's own key is the provider's, for the
 * {@code X-Integrity-Token} of its replies. Source: MixinNetwork/bot-api-go-client {@code auth.go}
 * ({@code SignOauthAccessToken}), fox-one/mixin-sdk-go {@code oauth_ed25519.go}.
 */
public final class SigningKey {

    public static final String TOKEN_TYPE = "Ed25519";

    /** Allows for clocks that differ. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    /** Header that the signature repeats. */
    public static final String REQUEST_ID = "X-Request-Id";

    private static final String BEARER = "Bearer ";

    private static final int SEED = 32;

    private static final int LONGEST_ID = 255;

    /** A bearer token never begins with a brace (RFC 6750 section 2.1). */
    private static final String BEGINNING = "{\"kty\":\"OKP\"";

    private final OctetKeyPair pair;
    private final String clientId;
    private final String authorization;
    private final String scope;
    private final @Nullable String serverKey;

    private SigningKey(
            OctetKeyPair pair, String clientId, String authorization, String scope, @Nullable String serverKey) {
        this.pair = pair;
        this.clientId = clientId;
        this.authorization = authorization;
        this.scope = scope;
        this.serverKey = serverKey;
    }

    /**
     * Headers of one signed call.
     *
     * @param authorization value of {@code Authorization}
     * @param requestId value of {@code X-Request-Id}
     */
    public record Signed(Secret authorization, String requestId, Instant expiresAt) {

        /** The JWT without {@code Bearer}. */
        public Secret token() {
            return new Secret(authorization.value().substring(BEARER.length()));
        }
    }

    /** Makes a key pair that no authorization is bound to yet. */
    public static OctetKeyPair pair(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, random);
            KeyPair fresh = generator.generateKeyPair();
            // The X.509 form ends with the key itself (RFC 8410 section 4).
            byte[] x509 = fresh.getPublic().getEncoded();
            byte[] x = Arrays.copyOfRange(x509, x509.length - SEED, x509.length);
            byte[] d = ((EdECPrivateKey) fresh.getPrivate()).getBytes().orElseThrow();
            return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                    .d(Base64URL.encode(d))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /**
     * Joins a key pair and the authorization that the provider bound to it.
     *
     * @param reply the token reply proper
     * @throws ProviderException when the reply names no authorization
     */
    public static SigningKey bound(OctetKeyPair pair, String clientId, JsonObject reply) {
        String authorization = reply.getString("authorization_id", "");
        if (authorization.isEmpty() || authorization.length() > LONGEST_ID || !isPrintable(authorization)) {
            throw new ProviderException(
                    FailureKind.MALFORMED,
                    "the token endpoint's reply cannot be used: authorization_id is missing or no id; this connector"
                            + " asks for a way with keys (presentation: ed25519-jwt)");
        }
        String server = reply.getString("ed25519", "");
        return new SigningKey(
                pair, clientId, authorization, reply.getString("scope", ""), isPublicKey(server) ? server : null);
    }

    /** Reads the key from a grant's secret; empty when that is an access token. */
    public static Optional<SigningKey> in(Secret kept) {
        if (!kept.value().startsWith(BEGINNING)) {
            return Optional.empty();
        }
        try {
            JsonObject json = Json.readObject(kept.value());
            var pair = new OctetKeyPair.Builder(Curve.Ed25519, new Base64URL(json.getString("x")))
                    .d(new Base64URL(json.getString("d")))
                    .build();
            return Optional.of(new SigningKey(
                    pair,
                    json.getString("client_id"),
                    json.getString("authorization_id"),
                    json.getString("scope"),
                    json.getString("server_key", null)));
        } catch (RuntimeException e) {
            // Messages of parsers may quote the key.
            throw new ProviderException(FailureKind.MALFORMED, "the grant's signing key cannot be read");
        }
    }

    /** Writes a JWK (RFC 8037) with what else a signature needs. */
    public Secret secret() {
        var json = Json.createObjectBuilder()
                .add("kty", "OKP")
                .add("crv", "Ed25519")
                .add("x", pair.getX().toString())
                .add("d", pair.getD().toString())
                .add("client_id", clientId)
                .add("authorization_id", authorization)
                .add("scope", scope);
        if (serverKey != null) {
            json.add("server_key", serverKey);
        }
        return new Secret(json.build().toString());
    }

    /** The provider's public key, base64url, which signs the {@code X-Integrity-Token} of replies; null for none. */
    public @Nullable String serverKey() {
        return serverKey;
    }

    /**
     * Signs one call.
     *
     * @param method in upper case
     * @param uri path and query, without the API's own path
     * @param body as it is sent; empty for none
     */
    public Signed sign(String method, String uri, byte[] body, UUID requestId, Instant now) {
        Instant end = now.plus(LIFETIME);
        JsonObject claims = Json.createObjectBuilder()
                .add("iss", clientId)
                .add("aid", authorization)
                .add("iat", now.getEpochSecond())
                .add("exp", end.getEpochSecond())
                .add("jti", requestId.toString())
                .add("sig", digest(method, uri, body))
                .add("scp", scope)
                .build();
        var token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.EdDSA)
                        .type(JOSEObjectType.JWT)
                        .build(),
                new Payload(claims.toString()));
        try {
            token.sign(new Ed25519Signer(pair));
        } catch (JOSEException e) {
            throw new IllegalStateException("an Ed25519 key signs", e);
        }
        return new Signed(new Secret(BEARER + token.serialize()), requestId.toString(), end);
    }

    private static String digest(String method, String uri, byte[] body) {
        byte[] start = (method + uri).getBytes(StandardCharsets.UTF_8);
        byte[] signed = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, signed, start.length, body.length);
        return HexFormat.of().formatHex(Secret.sha256(signed));
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(letter -> letter > ' ' && letter <= '~');
    }

    private static boolean isPublicKey(String text) {
        return new Base64URL(text).decode().length == SEED;
    }

    @Override
    public String toString() {
        return "[signing key]";
    }
}
