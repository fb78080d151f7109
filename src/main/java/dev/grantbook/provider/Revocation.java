package dev.grantbook.provider;

import org.jspecify.annotations.Nullable;

/**
 * How a provider is told that a token has ended; RFC 7009 unless the descriptor says otherwise.
 *
 * @param bearer whether the token itself authorizes the call; otherwise the client does, as at the token end point
 * @param authentication how the client authenticates here; null for as at the token end point
 * @param method {@code POST}, {@code DELETE} or {@code GET}
 * @param parameter what holds the token when the client authorizes the call
 */
public record Revocation(
        boolean bearer,
        @Nullable ClientAuthentication authentication,
        String method,
        BodyFormat body,
        String parameter) {}
