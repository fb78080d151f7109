/** What went wrong, for programs (RFC 9457) and for people. */
@NullMarked
package dev.grantbook.platform.problem;

import org.jspecify.annotations.NullMarked;
