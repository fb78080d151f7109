package dev.grantbook.provider.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A provider did not do what was asked of it. The message is fit for a log: it holds no secret. */
public class ProviderException extends RuntimeException {

    /** What that means for the user. */
    public enum FailureKind {
        /** No whole reply came: trying again later may help. */
        UNREACHABLE,
        /** The provider said no: the code is used up, the client is unknown, the token is dead. */
        REFUSED,
        /** The provider said that a refresh token is of no use any more: only the user can help. */
        REFRESH_REFUSED,
        /** The reply is not one that the provider's documentation allows. */
        MALFORMED
    }

    private final FailureKind kind;
    private final @Nullable Instant retryAt;

    public ProviderException(FailureKind kind, String message) {
        this(kind, message, (Instant) null);
    }

    /** @param retryAt until when the provider asked to be left alone; null when it did not */
    public ProviderException(FailureKind kind, String message, @Nullable Instant retryAt) {
        super(message);
        this.kind = kind;
        this.retryAt = retryAt;
    }

    public ProviderException(FailureKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAt = null;
    }

    public FailureKind kind() {
        return kind;
    }

    /** Until when the provider asked to be left alone; null when it did not. */
    public @Nullable Instant retryAt() {
        return retryAt;
    }
}
