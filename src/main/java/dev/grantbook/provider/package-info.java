/**
 * Providers as data, and the only classes that talk to them: {@link dev.grantbook.provider.TokenExchange} and
 * {@link dev.grantbook.provider.ProviderApi}, and for standard servers {@link dev.grantbook.provider.Discovery}, {@link
 * dev.grantbook.provider.PushedAuthorization} and what reads the keys of {@link dev.grantbook.provider.IdTokens}. Knows
 * nothing of bots, users or grants.
 */
@NullMarked
package dev.grantbook.provider;

import org.jspecify.annotations.NullMarked;
