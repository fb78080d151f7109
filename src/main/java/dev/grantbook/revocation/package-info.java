/**
 * Notifies providers that tokens have ended (RFC 7009). Hears of ends from {@code grant}, which does not know this
 * package.
 */
@NullMarked
package dev.grantbook.revocation;

import org.jspecify.annotations.NullMarked;
