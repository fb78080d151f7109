/**
 * Remembers rows on this node for as long as the database vouches for them. It knows no table: rooms name their own.
 */
@NullMarked
package dev.grantbook.platform.changes;

import org.jspecify.annotations.NullMarked;
