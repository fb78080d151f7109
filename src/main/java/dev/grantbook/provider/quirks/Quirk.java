package dev.grantbook.provider.quirks;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A behaviour of a provider that data cannot say. Pure: it makes no call, and descriptors name it. */
public interface Quirk {

    /** One more request to the token endpoint, which turns a fresh token into a better one; empty for none. */
    default Optional<Parameters> afterExchange(Secret accessToken) {
        return Optional.empty();
    }

    /**
     * What goes into the query of every call that presents the token.
     *
     * @param clientSecret null when the client has none
     */
    default Parameters besideToken(@Nullable Secret clientSecret, Secret accessToken) {
        return new Parameters();
    }
}
