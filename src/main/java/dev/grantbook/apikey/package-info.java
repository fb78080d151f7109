/**
 * Who calls the API: keys of bots, their permissions and limits, requests that may be repeated, and budgets of callers
 * without a key. Knows nothing of what callers ask for.
 */
@NullMarked
package dev.grantbook.apikey;

import org.jspecify.annotations.NullMarked;
