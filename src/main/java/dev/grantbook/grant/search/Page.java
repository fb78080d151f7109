package dev.grantbook.grant.search;

import dev.grantbook.grant.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next where the next part begins; null at the end
 */
public record Page(List<Grant> grants, GrantQuery.@Nullable GrantCursor next) {}
