/** Grants from tokens that a bot obtained elsewhere. Stores none before its provider has said whose it is. */
@NullMarked
package dev.grantbook.imports;

import org.jspecify.annotations.NullMarked;
