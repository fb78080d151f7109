package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {

    /** The vector that the libraries of Standard Webhooks share. */
    private static final String VECTOR = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @Test
    void signsAsTheLibrariesOfTheSpecificationDo() {
        String signature = WebhookSecret.read(new Secret(VECTOR))
                .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Instant.ofEpochSecond(1614265330), "{\"test\": 2432232314}");

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void signsTheSecondAndNotItsParts() {
        var secret = WebhookSecret.read(new Secret(VECTOR));

        assertThat(secret.sign("a", Instant.ofEpochSecond(7, 999_000_000), "{}"))
                .isEqualTo(secret.sign("a", Instant.ofEpochSecond(7), "{}"))
                .isNotEqualTo(secret.sign("a", Instant.ofEpochSecond(8), "{}"))
                .isNotEqualTo(secret.sign("b", Instant.ofEpochSecond(7), "{}"));
    }

    @Test
    void signsTheBytesOfUtf8() {
        var secret = WebhookSecret.read(new Secret(VECTOR));

        assertThat(secret.sign("a", Instant.EPOCH, "钱包")).isNotEqualTo(secret.sign("a", Instant.EPOCH, "??"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_",
                "whsec_c2hvcnQ=",
                "whsec_not base64 at all, is it",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void refusesWhatIsNoSecretAndDoesNotQuoteIt(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> WebhookSecret.read(new Secret(text)))
                .withMessage("a secret for deliveries is whsec_ and the base64 of 24 to 64 random bytes");
    }

    @Test
    void redactsItself() {
        assertThat(WebhookSecret.read(new Secret(VECTOR))).hasToString("[secret]");
    }
}
