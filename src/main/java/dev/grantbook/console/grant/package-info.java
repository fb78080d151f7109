/** The console's pages about connectors, grants, subjects, installations and deliveries. */
@NullMarked
package dev.grantbook.console.grant;

import org.jspecify.annotations.NullMarked;
