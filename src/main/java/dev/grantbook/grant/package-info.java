/**
 * What users granted: the aggregate, its history, and the shortfall against what a bot needs. Knows nothing of how a
 * grant came about.
 */
@NullMarked
package dev.grantbook.grant;

import org.jspecify.annotations.NullMarked;
