/** A connector is our registration with a provider for one bot. Knows nothing of who granted what. */
@NullMarked
package dev.grantbook.connector;

import org.jspecify.annotations.NullMarked;
