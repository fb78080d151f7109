package dev.grantbook.catalogue.dialect;

/** How a client proves to a token endpoint who it is (RFC 6749 section 2.3, OpenID Connect Core 1.0 section 9). */
public enum ClientAuthentication {
    /** HTTP Basic, both halves form-encoded first, as RFC 6749 section 2.3.1 says. */
    BASIC,
    /** In the request's body, or in its query where the provider wants that. */
    BODY,
    /** A public client only says who it is. */
    NONE,
    /** A signed assertion instead of a secret (RFC 7523 section 2.2). */
    PRIVATE_KEY_JWT;

    /** Whether it takes a client secret. */
    public boolean needsSecret() {
        return this == BASIC || this == BODY;
    }
}
