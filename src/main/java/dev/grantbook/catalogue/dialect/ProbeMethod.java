package dev.grantbook.catalogue.dialect;

import org.jspecify.annotations.Nullable;

/**
 * How to probe whether a token lives. A null pointer leads nowhere.
 *
 * @param parameter carries the token
 * @param appToken whether {@code client id|client secret} authorizes the call
 * @param clientId the client that the token was issued to, to detect foreign tokens
 * @param valid has {@code true} for a living token; null when a reply is proof enough
 * @param scopes the granted scopes
 */
public record ProbeMethod(
        How how,
        String parameter,
        boolean appToken,
        @Nullable Pointer clientId,
        @Nullable Pointer valid,
        @Nullable Pointer scopes) {

    public ProbeMethod by(How other) {
        return new ProbeMethod(other, parameter, appToken, clientId, valid, scopes);
    }

    public enum How {
        /** The account endpoint, which refuses a dead token. */
        ACCOUNT,
        /** RFC 7662. */
        INTROSPECTION,
        /** The provider's own endpoint, with the token as a parameter. */
        VERIFICATION
    }
}
