/** What operators observe: metrics, traces, logs, health. None of it holds a secret. */
@NullMarked
package dev.grantbook.platform.observability;

import org.jspecify.annotations.NullMarked;
