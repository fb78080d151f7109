/** Accounts, authorizations and tokens of the emulated providers. */
@NullMarked
package dev.grantbook.sandbox.account;

import org.jspecify.annotations.NullMarked;
