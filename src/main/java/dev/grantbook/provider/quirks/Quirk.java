package dev.grantbook.provider.quirks;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behaviour of a provider that data cannot express; descriptors name it. It makes no calls. */
public interface Quirk {

    /** Parameters of another token request, which exchanges a fresh token for a better one; empty for none. */
    default Optional<Parameters> afterExchange(Secret accessToken) {
        return Optional.empty();
    }

    /** Adds parameters to the query of each call that presents the token. */
    default void addBesideToken(@Nullable Secret clientSecret, Secret accessToken, Parameters query) {}
}
