/** Conversations in Facebook Messenger: account linking (the log-in page, its redirect, its buttons). */
@NullMarked
package dev.grantbook.conversation.facebook;

import org.jspecify.annotations.NullMarked;
