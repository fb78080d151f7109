/** Conversations in Apple Messages for Business: the authentication message and its callback. */
@NullMarked
package dev.grantbook.conversation.apple;

import org.jspecify.annotations.NullMarked;
