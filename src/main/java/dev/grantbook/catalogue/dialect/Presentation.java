package dev.grantbook.catalogue.dialect;

import java.util.Locale;

/** How a grant is presented to the provider's API. */
public enum Presentation {
    /** By its access token (RFC 6750). */
    BEARER,
    /** By a JWT for each call, signed with the grant's Ed25519 key; there is no access token. */
    ED25519_JWT;

    /** Its name in descriptors and connectors. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
