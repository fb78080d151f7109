/** What an operator configures, and what comes in from outside: settings, private files, clock and randomness. */
@NullMarked
package dev.grantbook.platform.config;

import org.jspecify.annotations.NullMarked;
