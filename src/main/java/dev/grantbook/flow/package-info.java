/**
 * One trip of a user to the provider and back: invitation, attempt, exchange, outcome.
 */
@NullMarked
package dev.grantbook.flow;

import org.jspecify.annotations.NullMarked;
