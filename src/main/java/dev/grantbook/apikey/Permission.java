package dev.grantbook.apikey;

import java.util.Locale;

public enum Permission {
    /** Make invitations. */
    INVITE,
    /** Read grants. */
    STATUS,
    /** Receive and revoke tokens. */
    TOKEN,
    /** Read metrics. */
    METRICS,
    /** Call the provider's API with tokens that the bot does not see. */
    PROXY,
    /** Import tokens. */
    IMPORT;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
