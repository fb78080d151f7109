/**
 * Emulated providers for trying Grantbook without an account anywhere. Off unless switched on; nothing imports it.
 */
@NullMarked
package dev.grantbook.sandbox;

import org.jspecify.annotations.NullMarked;
