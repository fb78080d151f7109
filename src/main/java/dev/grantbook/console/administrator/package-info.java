/** The console's pages about administrators: sign-in, passwords, accounts, audit, and the keys that seal tokens. */
@NullMarked
package dev.grantbook.console.administrator;

import org.jspecify.annotations.NullMarked;
