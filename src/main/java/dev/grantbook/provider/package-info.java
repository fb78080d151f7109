/**
 * Providers as data, and the only two classes that talk to them: {@link dev.grantbook.provider.TokenExchange} and
 * {@link dev.grantbook.provider.ProviderApi}. Knows nothing of bots, users or grants.
 */
@NullMarked
package dev.grantbook.provider;

import org.jspecify.annotations.NullMarked;
