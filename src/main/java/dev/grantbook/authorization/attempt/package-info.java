/** Keeps authorization attempts: one request to a provider and the response to it, each used once. */
@NullMarked
package dev.grantbook.authorization.attempt;

import org.jspecify.annotations.NullMarked;
