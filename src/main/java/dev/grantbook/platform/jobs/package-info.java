/** Work that goes on by itself: jobs that run on every node at their pace, and durable queues that the nodes share. */
@NullMarked
package dev.grantbook.platform.jobs;

import org.jspecify.annotations.NullMarked;
