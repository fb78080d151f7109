/**
 * Carries each call to a provider, remembers which providers are away, and turns failures into
 * {@code ProviderException}.
 */
@NullMarked
package dev.grantbook.provider.http;

import org.jspecify.annotations.NullMarked;
