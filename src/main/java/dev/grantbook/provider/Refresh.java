package dev.grantbook.provider;

/** What becomes of a refresh token that is used (RFC 6749 section 6). */
public enum Refresh {
    /** The provider gives out none. */
    NONE,
    /** It stays good. */
    STANDARD,
    /** Each works once, and brings the next one. */
    ROTATING
}
