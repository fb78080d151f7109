package dev.grantbook.grant;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a grant is in its life. */
public enum GrantStatus {
    /** Its token may be used. */
    ACTIVE,
    /** It waits until the chat user confirms it; until then nobody gets its token, and after a while it ends. */
    UNCONFIRMED,
    /** Its token has come to its end and cannot be renewed. */
    EXPIRED,
    /**
     * The user, the bot, an administrator or the provider ended it, or nobody confirmed it; its tokens are destroyed.
     */
    REVOKED;

    /** As the API and the pages write it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<GrantStatus> byName(@Nullable String wire) {
        return Arrays.stream(values())
                .filter(status -> status.wire().equals(wire))
                .findFirst();
    }

    /** This status alone, or all for null. */
    public static Set<GrantStatus> only(@Nullable GrantStatus status) {
        return status == null ? EnumSet.allOf(GrantStatus.class) : EnumSet.of(status);
    }
}
