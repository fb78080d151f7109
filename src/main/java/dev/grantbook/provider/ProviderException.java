package dev.grantbook.provider;

/** A provider did not do what was asked of it. The message is fit for a log: it holds no secret. */
public class ProviderException extends RuntimeException {

    /** What that means for the user. */
    public enum Kind {
        /** No whole reply came: trying again later may help. */
        UNREACHABLE,
        /** The provider said no: the code is used up, the client is unknown, the token is dead. */
        REFUSED,
        /** The provider said that a refresh token is of no use any more: only the user can help. */
        REFRESH_REFUSED,
        /** The reply is not one that the provider's documentation allows. */
        MALFORMED
    }

    private final Kind kind;

    public ProviderException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ProviderException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
