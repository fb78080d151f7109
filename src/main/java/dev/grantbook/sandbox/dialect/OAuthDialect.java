package dev.grantbook.sandbox.dialect;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObjectBuilder;
import java.util.Set;

/** A standard server that knows nothing of OpenID Connect. */
@ApplicationScoped
class OAuthDialect extends StandardDialect {

    @Override
    public String id() {
        return "oauth2";
    }

    @Override
    void describe(JsonObjectBuilder metadata) {}

    @Override
    Set<String> ownScopes() {
        return Set.of();
    }

    @Override
    Scopes fixed() {
        return Scopes.NONE;
    }

    @Override
    boolean givesRefreshToken(Scopes granted) {
        return true;
    }

    @Override
    void addTo(JsonObjectBuilder reply, SandboxAuthorization holder, boolean first) {}
}
