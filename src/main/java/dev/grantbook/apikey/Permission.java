package dev.grantbook.apikey;

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
    METRICS,
    /** Call the provider's API with tokens that it does not see. */
    PROXY,
    /** Bring tokens along that were got elsewhere. */
    IMPORT;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
