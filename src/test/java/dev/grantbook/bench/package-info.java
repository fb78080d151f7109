/**
 * How fast the built WAR is on this machine, beside what a team would otherwise write: {@code ./mvnw -Pbench verify},
 * explained in {@code docs/performance.md}. It knows the product by its URLs, its tables and its keyset.
 */
@NullMarked
package dev.grantbook.bench;

import org.jspecify.annotations.NullMarked;
