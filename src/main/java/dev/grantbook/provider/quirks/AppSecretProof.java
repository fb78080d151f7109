package dev.grantbook.provider.quirks;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Facebook apps can require calls with a user's token to prove the app's secret, so that a stolen token is useless: the
 * token's HMAC-SHA256 in hex, in the query (developers.facebook.com, "Securing Graph API calls").
 */
final class AppSecretProof implements Quirk {

    @Override
    public void addBesideToken(@Nullable Secret clientSecret, Secret accessToken, Parameters query) {
        if (clientSecret != null) {
            query.with("appsecret_proof", clientSecret.hmacSha256(accessToken.value()));
        }
    }
}
