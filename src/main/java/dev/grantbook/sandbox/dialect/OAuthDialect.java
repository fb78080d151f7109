package dev.grantbook.sandbox.dialect;

import dev.grantbook.oauth.Scopes;
import jakarta.enterprise.context.Dependent;
import java.util.Set;

/** A standard server without OpenID Connect. */
@Dependent
class OAuthDialect extends StandardDialect {

    OAuthDialect() {
        super("oauth2", Set.of(), Scopes.NONE);
    }

    @Override
    boolean givesRefreshToken(Scopes granted) {
        return true;
    }
}
