/**
 * Who may call: API keys of bots and administrators. Knows nothing of what they ask for.
 */
@NullMarked
package dev.grantbook.access;

import org.jspecify.annotations.NullMarked;
