/**
 * Keeps secrets: seals and opens texts with a rotatable keyset. Knows nothing of what the secrets are for; callers say
 * where a sealed value lives, and it opens nowhere else.
 */
@NullMarked
package dev.grantbook.vault;

import org.jspecify.annotations.NullMarked;
