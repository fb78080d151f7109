/** Deletes what is older than its connector allows. */
@NullMarked
package dev.grantbook.retention;

import org.jspecify.annotations.NullMarked;
