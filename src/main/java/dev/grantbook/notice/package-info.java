/**
 * What providers tell us without being asked: webhooks, that a user took everything back, that a user wants to be
 * forgotten. Believes only what is signed with the connector's client secret. Knows nothing of the console.
 */
@NullMarked
package dev.grantbook.notice;

import org.jspecify.annotations.NullMarked;
