/** Work that nodes do on a schedule. */
@NullMarked
package dev.grantbook.platform.jobs;

import org.jspecify.annotations.NullMarked;
