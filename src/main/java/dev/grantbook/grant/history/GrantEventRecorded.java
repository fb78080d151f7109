package dev.grantbook.grant.history;

import dev.grantbook.grant.Grant;
import org.jspecify.annotations.Nullable;

/**
 * Fired for each new {@link GrantEvent}, inside the transaction that stores it.
 *
 * @param invitation the id of the invitation that led to it; null for none
 */
public record GrantEventRecorded(
        Grant grant, GrantEvent event, @Nullable String invitation) {}
