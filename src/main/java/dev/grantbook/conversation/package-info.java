/**
 * Sessions of a bot platform on the web, in Facebook Messenger or in Apple Messages, each of which holds an
 * authorization code or an access token. Knows neither webhooks nor pages of the console.
 */
@NullMarked
package dev.grantbook.conversation;

import org.jspecify.annotations.NullMarked;
