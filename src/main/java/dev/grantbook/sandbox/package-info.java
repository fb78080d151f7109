/**
 * Emulated providers for trying Grantbook without an account anywhere. Off unless switched on; nothing imports it.
 *
 * <p>Accounts, authorizations and tokens ({@code account}) are for every provider; {@code demo} plays a bot.
 *
 * <p>Every provider is one {@link dev.grantbook.sandbox.Dialect} below {@code /sandbox/at/ID/}, at the provider's own
 * paths: a connector says {@code mirror: ${public-url}/sandbox/at/ID} and is registered there by that. A dialect is an
 * application-scoped bean and needs to be listed nowhere. It has two sides:
 *
 * <ul>
 *   <li>{@code read} understands the address of the consent page. The {@link dev.grantbook.sandbox.ConsentRequest}
 *       brings the client behind {@code client_id} and RFC 6749's checks; what comes out is the
 *       {@link dev.grantbook.sandbox.ConsentQuestion}. The page itself, its buttons and the page on authorizations are
 *       the same for all.
 *   <li>{@code answer} gets a {@link dev.grantbook.sandbox.SandboxCall} for everything else: switch over
 *       {@code call.route()}, take form, JSON, query, bearer token or Basic credentials from it, and return an
 *       {@link dev.grantbook.sandbox.SandboxReply}; a {@link dev.grantbook.sandbox.SandboxReply.Refusal} is the same
 *       from further inside.
 * </ul>
 *
 * <p>{@code SandboxClients.authenticate} knows a client by its credentials. {@code SandboxAuthorizations} keeps the
 * rest: {@code take} uses a code up, {@code grant} makes tokens of any kind, {@code find} says what one stands for,
 * {@code spend} does so once (rotating refresh tokens), and {@code end} and {@code revoke} are the ways out.
 * {@code XenoDialect} is the smallest example.
 */
@NullMarked
package dev.grantbook.sandbox;

import org.jspecify.annotations.NullMarked;
