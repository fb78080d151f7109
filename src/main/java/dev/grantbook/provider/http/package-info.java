/** Sends calls to providers, judges their replies, and remembers which providers answer. */
@NullMarked
package dev.grantbook.provider.http;

import org.jspecify.annotations.NullMarked;
