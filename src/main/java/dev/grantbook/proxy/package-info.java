/** Forwards calls to a provider's API with a user's token, and redacts tokens in the replies. */
@NullMarked
package dev.grantbook.proxy;

import org.jspecify.annotations.NullMarked;
