package dev.grantbook.grant.history;

import dev.grantbook.grant.Grant;
import org.jspecify.annotations.Nullable;

/**
 * Something happened to a grant: fired in the transaction that writes it down, so that whoever tells it to others tells
 * it exactly when it is true.
 *
 * @param grant as it is now
 * @param invitation the id of the link that led to it; null for none
 */
public record GrantEventRecorded(
        Grant grant, GrantEvent event, @Nullable String invitation) {}
