/**
 * What providers tell us without being asked: webhooks, that a user took everything back, that a user wants to be
 * forgotten. Believes only what is signed with the connector's client secret. And what we tell bots without being asked:
 * messages, kept in an outbox until they are taken, and signed in turn. Knows nothing of who shows it.
 */
@NullMarked
package dev.grantbook.notice;

import org.jspecify.annotations.NullMarked;
