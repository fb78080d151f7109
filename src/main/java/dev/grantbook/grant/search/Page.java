package dev.grantbook.grant.search;

import dev.grantbook.grant.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param next null at the end of the list */
public record Page(List<Grant> grants, GrantQuery.@Nullable GrantCursor next) {}
