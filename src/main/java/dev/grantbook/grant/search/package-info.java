/** Finds grants for lists, page by page, and says how the API shows a grant. */
@NullMarked
package dev.grantbook.grant.search;

import org.jspecify.annotations.NullMarked;
