package dev.grantbook.sandbox.dialect;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** A standard server that also says who its users are (OpenID Connect Core 1.0). */
@ApplicationScoped
class OpenIdDialect extends StandardDialect {

    private static final Duration ID_TOKEN_LIFETIME = Duration.ofMinutes(5);

    @Override
    public String id() {
        return "oidc";
    }

    @Override
    void describe(JsonObjectBuilder metadata) {
        metadata.add("userinfo_endpoint", issuer() + "/userinfo")
                .add("jwks_uri", issuer() + "/jwks")
                .add("subject_types_supported", Json.createArrayBuilder().add("public"))
                .add(
                        "id_token_signing_alg_values_supported",
                        Json.createArrayBuilder().add("RS256"));
    }

    /** Core 1.0 sections 5.4 and 11. */
    @Override
    Set<String> ownScopes() {
        return Set.of("openid", "profile", "email", "address", "phone", "offline_access");
    }

    @Override
    Scopes fixed() {
        return Scopes.of("openid");
    }

    @Override
    boolean givesRefreshToken(Scopes granted) {
        return granted.tokens().contains("offline_access");
    }

    /** Section 12.2: a later ID token repeats no nonce. */
    @Override
    void addTo(JsonObjectBuilder reply, SandboxAuthorization holder, boolean first) {
        Instant now = clock.instant();
        var claims = Json.createObjectBuilder()
                .add("iss", issuer())
                .add("sub", holder.account().userId())
                .add("aud", holder.clientId())
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(ID_TOKEN_LIFETIME).getEpochSecond());
        String nonce = holder.nonce();
        if (first && nonce != null) {
            claims.add("nonce", nonce);
        }
        reply.add("id_token", keys.sign(claims.build()));
    }
}
