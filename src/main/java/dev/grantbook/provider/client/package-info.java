/** Proves to a provider which client is asking: registrations, client assertions and signed requests. */
@NullMarked
package dev.grantbook.provider.client;

import org.jspecify.annotations.NullMarked;
