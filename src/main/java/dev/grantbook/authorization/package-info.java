/**
 * One authorization request and its response: attempt, code exchange, callback, outcome page. Knows nothing of
 * conversations.
 */
@NullMarked
package dev.grantbook.authorization;

import org.jspecify.annotations.NullMarked;
