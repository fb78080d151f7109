/**
 * Notices of providers: webhooks, removals of the app, demands for deletion. Accepts only what is signed with the
 * connector's client secret. Knows nothing of the console.
 */
@NullMarked
package dev.grantbook.notice;

import org.jspecify.annotations.NullMarked;
