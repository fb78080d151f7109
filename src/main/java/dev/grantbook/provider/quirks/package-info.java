/** Behaviours of single providers that data cannot express, one small class each. */
@NullMarked
package dev.grantbook.provider.quirks;

import org.jspecify.annotations.NullMarked;
