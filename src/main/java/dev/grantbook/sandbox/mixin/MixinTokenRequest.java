package dev.grantbook.sandbox.mixin;

import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Secret;
import dev.grantbook.sandbox.SandboxCall;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A request to Mixin's token endpoint. Unknown fields are ignored; a field that a client does not use may be the empty
 * string, since Mixin's own kits send all of them.
 *
 * @param verifier null when none was sent
 * @param publicKey in base64url, of a client that will sign its calls; null for one that wants a token
 */
record MixinTokenRequest(
        String clientId,
        Secret clientSecret,
        Secret code,
        @Nullable Secret verifier,
        @Nullable String publicKey) {

    /** @throws MixinRefusal when the body is not what Mixin reads */
    static MixinTokenRequest parse(String body) {
        JsonObject json = SandboxCall.readObject(body).orElseThrow(() -> MixinRefusal.badBody("it is no JSON object."));
        String key = optional(json, "ed25519");
        if (!key.isEmpty() && MixinSignature.publicKey(key).isEmpty()) {
            throw MixinRefusal.invalid("ed25519", "ed25519 must be 32 bytes in base64url.");
        }
        String verifier = optional(json, "code_verifier");
        return new MixinTokenRequest(
                require(json, "client_id"),
                new Secret(require(json, "client_secret")),
                new Secret(require(json, "code")),
                verifier.isEmpty() ? null : new Secret(verifier),
                key.isEmpty() ? null : key);
    }

    /** Whether the verifier fits the challenge; without a challenge none is needed. */
    boolean proves(@Nullable String challenge) {
        if (challenge == null) {
            return true;
        }
        if (verifier == null) {
            return false;
        }
        try {
            return MessageDigest.isEqual(
                    new Pkce(verifier).rawBytes().getBytes(StandardCharsets.US_ASCII),
                    challenge.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return false; // no base64url, so not the source of a challenge of Mixin's kind
        }
    }

    private static String require(JsonObject json, String name) {
        String value = optional(json, name);
        if (value.isEmpty()) {
            throw MixinRefusal.invalid(name, name + " is missing.");
        }
        return value;
    }

    private static String optional(JsonObject json, String name) {
        JsonValue value = json.getOrDefault(name, JsonValue.NULL);
        if (value == JsonValue.NULL) {
            return "";
        }
        if (value instanceof JsonString text) {
            return text.getString();
        }
        throw MixinRefusal.invalid(name, name + " must be a string.");
    }
}
