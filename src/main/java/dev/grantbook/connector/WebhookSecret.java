package dev.grantbook.connector;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What messages to a bot are signed with: {@code whsec_} and base64 of 24 to 64 bytes.
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

    /** @throws ConfigurationException when it does not have the form; the message does not quote it */
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

    /**
     * The signature of one message, as the header {@code webhook-signature} has it.
     *
     * @param at when the message is sent, to the second
     */
    public String sign(String id, Instant at, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            String signed = id + "." + at.getEpochSecond() + "." + body;
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "[secret]";
    }

    private static ConfigurationException explainForm() {
        return new ConfigurationException("a secret for deliveries is whsec_ and the base64 of 24 to 64 random bytes");
    }
}
