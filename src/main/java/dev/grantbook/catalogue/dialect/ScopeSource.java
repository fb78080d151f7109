package dev.grantbook.catalogue.dialect;

/** Where a provider says which scopes were really granted. */
public enum ScopeSource {
    /** RFC 6749 section 5.1: in the token reply; a reply without scopes means that all were granted. */
    TOKEN_REPLY,
    /** At an endpoint of its own. */
    PERMISSIONS_CALL,
    /** Nowhere: what was asked counts as granted until the provider's API refuses a call. */
    UNREPORTED
}
