package dev.grantbook.provider.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A call to a provider failed. The message contains no secret. */
public class ProviderException extends RuntimeException {

    public enum FailureKind {
        /** No usable reply now; a later attempt may succeed. */
        UNREACHABLE,
        /** The provider refused: the code is used up, the client is unknown, the token is dead. */
        REFUSED,
        /** The refresh token is dead: the user must authorize again. */
        REFRESH_REFUSED,
        /** The reply violates the protocol. */
        MALFORMED
    }

    private final FailureKind kind;
    private final @Nullable Instant retryAt;

    public ProviderException(FailureKind kind, String message) {
        this(kind, message, (Instant) null);
    }

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

    /** When the provider allows the next call; null when it did not say. */
    public @Nullable Instant retryAt() {
        return retryAt;
    }
}
