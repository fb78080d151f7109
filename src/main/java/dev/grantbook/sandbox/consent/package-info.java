/** The consent page of every emulated provider, and the endpoints behind it. */
@NullMarked
package dev.grantbook.sandbox.consent;

import org.jspecify.annotations.NullMarked;
