/** Scheduled jobs that run on every node, and durable queues that the nodes share. */
@NullMarked
package dev.grantbook.platform.jobs;

import org.jspecify.annotations.NullMarked;
