package dev.grantbook.grant;

import java.util.Locale;

/** Why a grant ended, or is about to. */
public enum Reason {
    /** The lifetime of its token is over, and there is nothing to get another one with. */
    LIFETIME_OVER,
    /** The provider takes its refresh token no more: the user took everything back, or did not come for too long. */
    REFRESH_REFUSED,
    /** The provider takes its access token no more. */
    TOKEN_REJECTED,
    /** The provider told that the user took everything back. */
    WITHDRAWN,
    /** Nobody confirmed it in time. */
    UNCONFIRMED,
    /** Somebody on our side ended it: the user, the bot, or an administrator. */
    DISCONNECTED;

    /** As the API writes it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
