package dev.grantbook.apikey;

import dev.grantbook.platform.json.WireName;

public enum Permission implements WireName {
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
    IMPORT,
    /** Have the connectors file read again, and connectors tried. */
    CONFIGURE;
}
