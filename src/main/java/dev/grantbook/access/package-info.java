/**
 * Answers the question of a bot: may I have this token of this user now? Knows neither how a user is asked nor who asks
 * on behalf of the bot.
 */
@NullMarked
package dev.grantbook.access;

import org.jspecify.annotations.NullMarked;
