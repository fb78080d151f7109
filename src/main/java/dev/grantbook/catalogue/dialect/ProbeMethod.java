package dev.grantbook.catalogue.dialect;

import org.jspecify.annotations.Nullable;

/**
 * How to find out whether a token lives.
 *
 * @param parameter what holds the token
 * @param appToken whether the call is authorized by {@code client id|client secret}
 * @param clientId where the reply says whose client the token is for, so that a foreign token is found out; null for
 *     nowhere
 * @param valid where the reply says {@code true}; null when answering at all means that the token lives
 * @param scopes where the reply lists the granted scopes; null for nowhere
 */
public record ProbeMethod(
        How how,
        String parameter,
        boolean appToken,
        @Nullable Pointer clientId,
        @Nullable Pointer valid,
        @Nullable Pointer scopes) {

    /** The same question, asked elsewhere. */
    public ProbeMethod by(How other) {
        return new ProbeMethod(other, parameter, appToken, clientId, valid, scopes);
    }

    /** Which endpoint is asked. */
    public enum How {
        /** Whose token it is: a dead token is refused. */
        ACCOUNT,
        /** RFC 7662. */
        INTROSPECTION,
        /** An endpoint of the provider's own that takes the token as a parameter. */
        VERIFICATION
    }
}
