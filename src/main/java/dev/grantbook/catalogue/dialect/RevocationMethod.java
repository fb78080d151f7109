package dev.grantbook.catalogue.dialect;

import org.jspecify.annotations.Nullable;

/**
 * How a provider is notified that a token has ended; RFC 7009 unless the descriptor says otherwise.
 *
 * @param bearer whether the token itself authorizes the call; otherwise the client does, as at the token endpoint
 * @param authentication how the client authenticates here; null for as at the token endpoint
 * @param method {@code POST}, {@code DELETE} or {@code GET}
 * @param parameter what holds the token when the client authorizes the call
 * @param ends what ends with the token
 * @param secondaryTokens whether secondary tokens live on then, so that each is revoked
 */
public record RevocationMethod(
        boolean bearer,
        @Nullable ClientAuthentication authentication,
        String method,
        BodyFormat body,
        String parameter,
        Ends ends,
        boolean secondaryTokens) {

    /** What ends, at the provider, when one token is revoked. RFC 7009 section 2.1 leaves that to the server. */
    public enum Ends {
        /** The token, and what came with it; tokens of other grants live on. */
        TOKEN,
        /** All that the account allowed this client. */
        ACCOUNT,
        /** All of a team's, whichever of its members allowed it: they share one token. */
        INSTALLATION
    }
}
