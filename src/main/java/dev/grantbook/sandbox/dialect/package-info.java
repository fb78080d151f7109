/** Emulated providers of one class each. */
@NullMarked
package dev.grantbook.sandbox.dialect;

import org.jspecify.annotations.NullMarked;
