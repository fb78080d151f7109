/** Mixin, emulated: its own OAuth, with signed calls. */
@NullMarked
package dev.grantbook.sandbox.mixin;

import org.jspecify.annotations.NullMarked;
