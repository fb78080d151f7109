package dev.grantbook.catalogue.dialect;

import org.jspecify.annotations.Nullable;

/**
 * How to revoke a token; RFC 7009 unless the descriptor says otherwise.
 *
 * @param bearer whether the token itself authorizes the call; otherwise the client authenticates
 * @param authentication how the client authenticates here; null for as at the token endpoint
 * @param method {@code POST}, {@code DELETE} or {@code GET}
 * @param parameter carries the token when the client authenticates
 * @param secondaryTokens whether secondary tokens outlive the grant's token, so that each is revoked
 */
public record RevocationMethod(
        boolean bearer,
        @Nullable ClientAuthentication authentication,
        String method,
        BodyFormat body,
        String parameter,
        Ends ends,
        boolean secondaryTokens) {

    /** What ends with a revoked token; RFC 7009 section 2.1 leaves that to the server. */
    public enum Ends {
        /** The token and what came with it; tokens of other grants live on. */
        TOKEN,
        /** All that the account allowed this client. */
        ACCOUNT,
        /** All of a team, whose members share one token. */
        INSTALLATION
    }
}
