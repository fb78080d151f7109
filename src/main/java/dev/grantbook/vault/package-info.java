/** Seals and opens secrets with a rotatable keyset, each for one place. Knows nothing of their purpose. */
@NullMarked
package dev.grantbook.vault;

import org.jspecify.annotations.NullMarked;
