/** The only way out of the application: bounded HTTP calls. */
@NullMarked
package dev.grantbook.platform.http;

import org.jspecify.annotations.NullMarked;
