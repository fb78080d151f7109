/** Administrators: sign-in, roles and the audit of what they did. Knows nothing of bots, users or grants. */
@NullMarked
package dev.grantbook.administrator;

import org.jspecify.annotations.NullMarked;
