/** Creates, renews and ends grants. What their end means to a provider is the business of {@code revocation}. */
@NullMarked
package dev.grantbook.grant.lifecycle;

import org.jspecify.annotations.NullMarked;
