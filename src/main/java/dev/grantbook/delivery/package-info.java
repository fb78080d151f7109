/**
 * Signed messages to bots: an outbox that is filled in the transaction of the event, and the worker that empties it.
 * Knows nothing of providers.
 */
@NullMarked
package dev.grantbook.delivery;

import org.jspecify.annotations.NullMarked;
