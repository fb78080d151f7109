/**
 * Calls to providers: token and revocation endpoints, APIs, discovery, ID tokens. Knows nothing of bots, users or
 * grants.
 */
@NullMarked
package dev.grantbook.provider;

import org.jspecify.annotations.NullMarked;
