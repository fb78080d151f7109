package dev.grantbook.catalogue.dialect;

/** Where a provider reports the granted scopes. */
public enum ScopeSource {
    /** RFC 6749 section 5.1; a reply without scopes means that all were granted. */
    TOKEN_REPLY,
    PERMISSIONS_CALL,
    /** Nowhere: what was asked counts as granted until the API refuses a call. */
    UNREPORTED
}
