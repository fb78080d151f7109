package dev.grantbook.grant;

import dev.grantbook.platform.json.WireName;
import java.util.EnumSet;
import java.util.Set;

/** Why a grant ended or will; in histories, also why the provider was not notified of the end. */
public enum EndReason implements WireName {
    /** Its token expired and there is no refresh token. */
    LIFETIME_OVER,
    /** The provider rejected the refresh token: the user revoked access, or it was unused for too long. */
    REFRESH_REFUSED,
    /** The provider rejected the access token. */
    TOKEN_REJECTED,
    /** A call with the access token was refused, and the provider has no probe. */
    CALL_REFUSED,
    /** The provider notified us that the user revoked access. */
    WITHDRAWN,
    /** Not confirmed before the deadline. */
    UNCONFIRMED,
    /** Ended here by the user, the bot or an administrator. */
    DISCONNECTED,
    /** No bot used its token for the retention period. */
    UNUSED,
    /** The provider has no revocation endpoint. */
    UNSUPPORTED,
    /** The provider refused the revocation until the last try. */
    PROVIDER_REFUSED,
    /** The provider was unreachable until the last try. */
    PROVIDER_AWAY,
    /** The user granted again before the revocation, which might have ended the new grant too. */
    GRANTED_AGAIN,
    /** Another live grant of the same account, which the revocation would end too. */
    STILL_USED,
    /** The tokens cannot be opened. */
    UNREADABLE;

    private static final Set<EndReason> KNOWN_THERE = EnumSet.of(WITHDRAWN, TOKEN_REJECTED);

    /** Whether the provider is notified of an end for this reason. */
    public boolean isReported() {
        return !KNOWN_THERE.contains(this);
    }
}
