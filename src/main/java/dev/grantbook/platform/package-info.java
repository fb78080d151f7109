/**
 * What every room needs and no room owns: configuration, data source, clock, network, problem details. Knows none of
 * them.
 */
@NullMarked
package dev.grantbook.platform;

import org.jspecify.annotations.NullMarked;
