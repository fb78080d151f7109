/** The life of a token: refresh, liveness, reported rejections, use. Knows nothing of who asks for it. */
@NullMarked
package dev.grantbook.token;

import org.jspecify.annotations.NullMarked;
