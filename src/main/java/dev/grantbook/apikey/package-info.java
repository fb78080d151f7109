/**
 * Who calls the API: keys of bots, what each may do, how much, and requests that may be repeated. Budgets callers
 * without a key, too. Knows nothing of what callers ask for.
 */
@NullMarked
package dev.grantbook.apikey;

import org.jspecify.annotations.NullMarked;
