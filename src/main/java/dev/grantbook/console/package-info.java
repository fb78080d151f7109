/** The administrators' pages: what all of them share. It knows no feature. */
@NullMarked
package dev.grantbook.console;

import org.jspecify.annotations.NullMarked;
