/**
 * Records what happens to each grant: stored with the grant, and fired as {@code GrantEventRecorded} in the same
 * transaction. It knows nothing of what rooms above do with that.
 */
@NullMarked
package dev.grantbook.grant.history;

import org.jspecify.annotations.NullMarked;
