/** Authenticates a client to a provider: registrations, client assertions and signed requests. */
@NullMarked
package dev.grantbook.provider.client;

import org.jspecify.annotations.NullMarked;
