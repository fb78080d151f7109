package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How a provider signs webhooks. */
public enum WebhookSignature {
    /** The provider sends no webhooks; none is accepted. */
    NONE {
        @Override
        public boolean proves(UnaryOperator<@Nullable String> headers, byte[] body, Secret clientSecret) {
            return false;
        }
    },
    /** Meta: {@code X-Hub-Signature-256: sha256=} and the hex HMAC-SHA256 of the body. */
    HUB_SIGNATURE {
        @Override
        public boolean proves(UnaryOperator<@Nullable String> headers, byte[] body, Secret clientSecret) {
            String header = headers.apply("X-Hub-Signature-256");
            if (header == null || !header.startsWith(PREFIX)) {
                return false;
            }
            return MessageDigest.isEqual(
                    header.substring(PREFIX.length()).getBytes(StandardCharsets.UTF_8),
                    clientSecret.hmacSha256(body).getBytes(StandardCharsets.UTF_8));
        }
    };

    private static final String PREFIX = "sha256=";

    /** Verifies in constant time that the provider sent the webhook. */
    public abstract boolean proves(UnaryOperator<@Nullable String> headers, byte[] body, Secret clientSecret);
}
