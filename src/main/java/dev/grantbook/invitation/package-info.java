/**
 * A short-lived link for one subject: its landing page, and the explanation of what is asked and why. Knows nothing of
 * what happens after the button.
 */
@NullMarked
package dev.grantbook.invitation;

import org.jspecify.annotations.NullMarked;
