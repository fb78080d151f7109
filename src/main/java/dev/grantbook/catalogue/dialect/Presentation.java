package dev.grantbook.catalogue.dialect;

import java.util.Locale;

/** How a grant is presented to the provider's API. */
public enum Presentation {
    /** By its access token (RFC 6750). */
    BEARER,
    /**
     * By a signature: there is no access token, and each call bears a JWT of its own that the grant's Ed25519 key
     * signs.
     */
    ED25519_JWT;

    /** As descriptors and connectors write it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
