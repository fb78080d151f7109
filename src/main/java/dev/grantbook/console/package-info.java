/** What administrators see across features. */
@NullMarked
package dev.grantbook.console;

import org.jspecify.annotations.NullMarked;
