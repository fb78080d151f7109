/**
 * The life of what was granted: tokens are replaced before they end, and what was kept for long enough goes. Knows nothing of
 * how a grant came about, and nothing of who asks for its token.
 */
@NullMarked
package dev.grantbook.lifecycle;

import org.jspecify.annotations.NullMarked;
