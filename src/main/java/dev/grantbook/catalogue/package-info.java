/**
 * Providers as data: descriptors (YAML) and the enums and values they are made of. Knows no network, no client and no
 * user.
 */
@NullMarked
package dev.grantbook.catalogue;

import org.jspecify.annotations.NullMarked;
