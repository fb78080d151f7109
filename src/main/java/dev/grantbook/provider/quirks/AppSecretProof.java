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
    public Parameters besideToken(@Nullable Secret clientSecret, Secret accessToken) {
        return clientSecret == null
                ? new Parameters()
                : new Parameters().with("appsecret_proof", clientSecret.hmacSha256(accessToken.value()));
    }
}
