package dev.grantbook.access;

import java.util.Locale;

/** What an API key may do. */
public enum Permission {
    /** Make links for users. */
    INVITE,
    /** Ask who granted what. */
    STATUS,
    /** Receive tokens, and give them up. */
    TOKEN,
    /** Read the numbers of the server. */
    METRICS;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
