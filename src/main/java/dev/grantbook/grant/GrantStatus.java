package dev.grantbook.grant;

import dev.grantbook.platform.json.WireName;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

public enum GrantStatus implements WireName {
    /** Its token may be used. */
    ACTIVE,
    /** Waits for the chat user to confirm it; until then no bot gets its token, and after the deadline it ends. */
    UNCONFIRMED,
    /** Its token has expired and cannot be refreshed. */
    EXPIRED,
    /** The user, the bot, an administrator or the provider ended it, or it was not confirmed; its tokens are gone. */
    REVOKED;

    /** This status alone, or all for null. */
    public static Set<GrantStatus> only(@Nullable GrantStatus status) {
        return status == null ? EnumSet.allOf(GrantStatus.class) : EnumSet.of(status);
    }
}
