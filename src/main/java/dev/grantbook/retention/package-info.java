/** Deletes what is older than its connector keeps it. */
@NullMarked
package dev.grantbook.retention;

import org.jspecify.annotations.NullMarked;
