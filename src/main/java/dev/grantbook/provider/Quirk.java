package dev.grantbook.provider;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import java.util.Optional;

/**
 * A behaviour of a provider that data cannot say, one small class for each. Pure: it talks to nobody, and it is only used
 * where a descriptor names it.
 */
public interface Quirk {

    /** One more request to the token end point, which turns a fresh token into a better one; empty for none. */
    default Optional<Parameters> afterExchange(ClientRegistration client, Secret accessToken) {
        return Optional.empty();
    }

    /** What goes into the query of every call that presents the token. */
    default Parameters besideToken(ClientRegistration client, Secret accessToken) {
        return new Parameters();
    }
}
