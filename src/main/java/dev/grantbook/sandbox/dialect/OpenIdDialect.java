package dev.grantbook.sandbox.dialect;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A standard server that also identifies its users (OpenID Connect Core 1.0). */
@Dependent
class OpenIdDialect extends StandardDialect {

    /** Core 1.0 sections 5.4 and 11. */
    private static final Set<String> SCOPES =
            Set.of("openid", "profile", "email", "address", "phone", "offline_access");

    private static final Duration ID_TOKEN_LIFETIME = Duration.ofMinutes(5);

    OpenIdDialect() {
        super("oidc", SCOPES, Scopes.of("openid"));
    }

    @Override
    void describe(JsonObjectBuilder metadata) {
        metadata.add("userinfo_endpoint", issuer() + "/userinfo")
                .add("jwks_uri", issuer() + "/jwks")
                .add("subject_types_supported", Json.createArrayBuilder(List.of("public")))
                .add("id_token_signing_alg_values_supported", Json.createArrayBuilder(List.of("RS256")));
    }

    @Override
    boolean givesRefreshToken(Scopes granted) {
        return granted.tokens().contains("offline_access");
    }

    /** Section 12.2: a later ID token repeats no nonce. */
    @Override
    void addTo(JsonObjectBuilder reply, SandboxAuthorization holder, boolean first) {
        var claims = beginClaims(holder, issuer(), holder.account().userId(), ID_TOKEN_LIFETIME);
        if (first) {
            addNonce(claims, holder);
        }
        reply.add("id_token", keys.sign(claims));
    }
}
