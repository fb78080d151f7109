package dev.grantbook.conversation;

import java.util.Locale;

/** Why the user is asked to follow a link. */
public enum LinkReason {
    /** Nobody has logged in. */
    NOT_LINKED,
    /** What was granted has come to its end. */
    EXPIRED,
    /** What was granted is less than what is needed now. */
    MISSING_SCOPES,
    /** Somebody has granted, and the chat user has not shown yet that it was them. */
    UNCONFIRMED,
    /** The provider no longer takes the token, so it was forgotten. */
    TOKEN_REJECTED,
    /** The provider did not take the authorization code, or it came too late, so it was forgotten. */
    CODE_REJECTED,
    /** The code or the token belongs to another account than the expected one, so it was forgotten. */
    WRONG_ACCOUNT;

    /** As the API writes it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
