/**
 * The one WAR on each application server: {@code ./mvnw -Pportability verify}. A server is a row of {@link AppServer}
 * and the scripts in {@code deploy}, which are what the docs tell operators to run.
 */
@NullMarked
package dev.grantbook.portability;

import org.jspecify.annotations.NullMarked;
