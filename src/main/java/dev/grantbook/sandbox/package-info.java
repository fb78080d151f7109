/**
 * Emulated providers for trying Grantbook without an account anywhere. Off unless switched on; nothing imports it.
 *
 * <p>Accounts, clients, authorizations and the switch ({@code Sandbox…}) are for every provider. What is one provider's
 * dialect has its name ({@code Mixin…}): an application below {@code /sandbox/NAME} that reads that provider's requests
 * and words its refusals. {@code Demo…} plays a bot.
 */
@NullMarked
package dev.grantbook.sandbox;

import org.jspecify.annotations.NullMarked;
