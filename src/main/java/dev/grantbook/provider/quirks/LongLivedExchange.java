package dev.grantbook.provider.quirks;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import java.util.Optional;

/**
 * Facebook issues a token for an hour or two, which the app exchanges for one of about sixty days
 * (developers.facebook.com, "Get long-lived access tokens").
 */
final class LongLivedExchange implements Quirk {

    @Override
    public Optional<Parameters> afterExchange(Secret accessToken) {
        return Optional.of(new Parameters()
                .with("grant_type", "fb_exchange_token")
                .with("fb_exchange_token", accessToken.value()));
    }
}
