package dev.grantbook.sandbox;

import dev.grantbook.oauth.Scopes;
import org.jspecify.annotations.Nullable;

/**
 * What a consent page asks the user.
 *
 * @param scopes those that can be ticked, {@code fixed} included; the catalogue has their names and texts
 * @param fixed those that cannot be unticked
 * @param challenge the request's {@code code_challenge}; null when it sent none
 */
public record ConsentQuestion(
        ConsentRequest request,
        Scopes scopes,
        Scopes fixed,
        @Nullable String challenge) {}
