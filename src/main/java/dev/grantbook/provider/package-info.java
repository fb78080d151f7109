/**
 * The classes that talk to providers: {@link dev.grantbook.provider.TokenEndpoint} and
 * {@link dev.grantbook.provider.ProviderApi}, and for standard servers {@link dev.grantbook.provider.Discovery},
 * {@link dev.grantbook.provider.PushedAuthorization} and what fetches the keys of
 * {@link dev.grantbook.provider.IdTokens}. Knows nothing of bots, users or grants.
 */
@NullMarked
package dev.grantbook.provider;

import org.jspecify.annotations.NullMarked;
