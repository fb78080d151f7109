package dev.grantbook.grant;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Why a grant ended, or is about to; and in histories, why its provider was not told of the end. */
public enum EndReason {
    /** The lifetime of its token is over, and there is nothing to get another one with. */
    LIFETIME_OVER,
    /** The provider takes its refresh token no more: the user took everything back, or did not come for too long. */
    REFRESH_REFUSED,
    /** The provider takes its access token no more. */
    TOKEN_REJECTED,
    /** A call with its access token was refused, and the provider has no way to be asked whether the token lives. */
    CALL_REFUSED,
    /** The provider told that the user took everything back. */
    WITHDRAWN,
    /** Nobody confirmed it in time. */
    UNCONFIRMED,
    /** Somebody on our side ended it: the user, the bot, or an administrator. */
    DISCONNECTED,
    /** No bot had asked for its token in a long time. */
    UNUSED,
    /** The provider has no way to be told. */
    UNSUPPORTED,
    /** The provider said no for as long as it was tried. */
    PROVIDER_REFUSED,
    /** The provider could not be asked for as long as it was tried. */
    PROVIDER_AWAY,
    /** The user granted again first; the provider might have ended that too. */
    GRANTED_AGAIN,
    /** Another grant of the same account lives; the provider would end that too. */
    STILL_USED,
    /** Nobody can open the tokens any more. */
    UNREADABLE;

    /** When these end a grant, its provider knows. */
    private static final Set<EndReason> KNOWN_THERE = EnumSet.of(WITHDRAWN, TOKEN_REJECTED);

    /** Whether a provider has to be told that a grant ended for this reason. */
    public boolean isReported() {
        return !KNOWN_THERE.contains(this);
    }

    /** As the API writes it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
