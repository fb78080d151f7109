/** Behaviours of single providers that data cannot say, one small class for each; descriptors refer to them by name. */
@NullMarked
package dev.grantbook.provider.quirks;

import org.jspecify.annotations.NullMarked;
