/** What comes in from outside: settings of the operator, private files, clock and randomness. */
@NullMarked
package dev.grantbook.platform.config;

import org.jspecify.annotations.NullMarked;
