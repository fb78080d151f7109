/** Accounts at providers, and their proof from data that the provider signed. */
@NullMarked
package dev.grantbook.catalogue.account;

import org.jspecify.annotations.NullMarked;
