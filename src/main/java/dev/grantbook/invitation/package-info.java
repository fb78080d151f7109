/**
 * A short-lived link for one subject: its landing page, and the explanation of what is asked for and why. Knows nothing
 * of attempts.
 */
@NullMarked
package dev.grantbook.invitation;

import org.jspecify.annotations.NullMarked;
