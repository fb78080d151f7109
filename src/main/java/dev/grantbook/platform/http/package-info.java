/** Outgoing calls: the only way out of the application, bounded in time and size. */
@NullMarked
package dev.grantbook.platform.http;

import org.jspecify.annotations.NullMarked;
