/** Conversations in a web client: the redirect from the client and the page that the user returns to. */
@NullMarked
package dev.grantbook.conversation.web;

import org.jspecify.annotations.NullMarked;
