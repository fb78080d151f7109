package dev.grantbook.connector;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/**
 * Signs messages to a bot; written as {@code whsec_} and base64 of 24 to 64 bytes.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks, signature scheme</a>
 */
public final class WebhookSecret {

    private static final String PREFIX = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /** @throws ConfigurationException when it has another form; the message does not quote it */
    public static WebhookSecret read(Secret text) {
        if (!text.value().startsWith(PREFIX)) {
            throw explainForm();
        }
        try {
            byte[] key = Base64.getDecoder().decode(text.value().substring(PREFIX.length()));
            if (key.length < SHORTEST || key.length > LONGEST) {
                throw explainForm();
            }
            return new WebhookSecret(key);
        } catch (IllegalArgumentException e) {
            throw explainForm();
        }
    }

    /** Makes the value of the header {@code webhook-signature}; the time counts to the second. */
    public String sign(String id, Instant at, String body) {
        String signed = id + "." + at.getEpochSecond() + "." + body;
        byte[] hmac = Secret.hmacSha256(key, signed.getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(hmac);
    }

    @Override
    public String toString() {
        return "[secret]";
    }

    private static ConfigurationException explainForm() {
        return new ConfigurationException("a secret for deliveries is whsec_ and the base64 of 24 to 64 random bytes");
    }
}
