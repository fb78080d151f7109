/** Says which account of a provider a user has, and proves it from data that the provider signed. */
@NullMarked
package dev.grantbook.catalogue.account;

import org.jspecify.annotations.NullMarked;
