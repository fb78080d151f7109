package dev.grantbook.provider;

import dev.grantbook.provider.http.ProviderException;

/** A token endpoint issued tokens in an unusable reply; they live at the provider until they are discarded. */
public class UnusableReplyException extends ProviderException {

    private final transient TokenReply issued;

    public UnusableReplyException(ProviderException cause, TokenReply issued) {
        super(cause.kind(), String.valueOf(cause.getMessage()), cause);
        this.issued = issued;
    }

    /** The tokens, without scopes and account. */
    public TokenReply issued() {
        return issued;
    }
}
