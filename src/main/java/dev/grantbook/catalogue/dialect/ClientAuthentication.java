package dev.grantbook.catalogue.dialect;

/** How a client authenticates (RFC 6749 section 2.3, OpenID Connect Core 1.0 section 9). */
public enum ClientAuthentication {
    /** HTTP Basic, both halves form-encoded first (RFC 6749 section 2.3.1). */
    BASIC,
    /** Among the request's parameters. */
    BODY,
    /** A public client sends its id only. */
    NONE,
    /** A signed assertion instead of a secret (RFC 7523 section 2.2). */
    PRIVATE_KEY_JWT;

    public boolean needsSecret() {
        return this == BASIC || this == BODY;
    }
}
