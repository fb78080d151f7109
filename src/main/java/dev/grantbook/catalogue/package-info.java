/** Providers as data: descriptors (YAML) and the values they consist of. Knows no network, no client and no user. */
@NullMarked
package dev.grantbook.catalogue;

import org.jspecify.annotations.NullMarked;
