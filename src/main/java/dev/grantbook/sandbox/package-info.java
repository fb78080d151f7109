/**
 * Emulates providers, so that Grantbook can be tried without an account anywhere. Off by default; nothing imports it.
 *
 * <p>{@code account} holds accounts, authorizations and tokens of every provider; {@code demo} plays a bot.
 *
 * <p>Each provider is one {@link dev.grantbook.sandbox.Dialect} below {@code /sandbox/at/ID/}, at the provider's own
 * paths; a connector is registered there by {@code mirror: ${public-url}/sandbox/at/ID}. A dialect is a
 * {@code Dependent} bean, listed nowhere, and has two sides:
 *
 * <ul>
 *   <li>{@code read} checks an authorization request. The {@link dev.grantbook.sandbox.ConsentRequest} brings the
 *       client and RFC 6749's checks; the result is the {@link dev.grantbook.sandbox.ConsentQuestion}. All dialects
 *       share the consent page, its buttons and the page on authorizations.
 *   <li>{@code answer} maps every other {@link dev.grantbook.sandbox.SandboxCall} to a
 *       {@link dev.grantbook.sandbox.SandboxReply}; a {@link dev.grantbook.sandbox.SandboxReply.Refusal} is a reply
 *       from further inside.
 * </ul>
 *
 * <p>The base class authenticates clients, accepts codes and refresh tokens, and begins token replies and ID tokens.
 * {@code XenoDialect} is the smallest example.
 */
@NullMarked
package dev.grantbook.sandbox;

import org.jspecify.annotations.NullMarked;
