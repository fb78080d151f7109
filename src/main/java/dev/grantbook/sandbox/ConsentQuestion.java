package dev.grantbook.sandbox;

import dev.grantbook.oauth.Scopes;
import org.jspecify.annotations.Nullable;

/**
 * What a consent page asks its user.
 *
 * @param scopes what can be ticked, {@code fixed} included; the catalogue has their names and texts
 * @param fixed what cannot be unticked
 * @param challenge what the bot must later show the verifier for; null when it sent none
 */
public record ConsentQuestion(
        ConsentRequest request,
        Scopes scopes,
        Scopes fixed,
        @Nullable String challenge) {}
