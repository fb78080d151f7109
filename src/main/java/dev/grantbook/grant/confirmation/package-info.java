/** Confirms a grant by the code that the chat user passes on to the bot. */
@NullMarked
package dev.grantbook.grant.confirmation;

import org.jspecify.annotations.NullMarked;
