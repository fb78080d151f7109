package dev.grantbook.catalogue.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose webhooks are believed. */
class WebhookSignatureTest {

    private static final Secret APP_SECRET = new Secret("app secret");
    private static final String BODY = "{\"object\":\"page\",\"entry\":[]}";

    /** Computed outside: {@code printf %s BODY | openssl dgst -sha256 -hmac 'app secret'}. */
    private static final String SOUND = "ebd818a7e2b456a37b6991526716ff4027e2cebe793b3999f74807e7e768b9a2";

    @Test
    void theProvidersOwnIsBelieved() {
        assertThat(proves("sha256=" + SOUND, BODY, APP_SECRET)).isTrue();
    }

    @Test
    void aChangedBodyIsNot() {
        assertThat(proves("sha256=" + SOUND, BODY + " ", APP_SECRET)).isFalse();
        assertThat(proves("sha256=" + SOUND, "", APP_SECRET)).isFalse();
    }

    @Test
    void anotherAppsIsNot() {
        assertThat(proves("sha256=" + SOUND, BODY, new Secret("another app's secret")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "sha256=", "sha1=" + SOUND, SOUND, "sha256=" + SOUND + "00", "sha256=zz", "SHA256=" + SOUND})
    void nothingElseIsASignature(String header) {
        assertThat(proves(header, BODY, APP_SECRET)).isFalse();
    }

    @Test
    void aShortenedSignatureIsNot() {
        assertThat(proves("sha256=" + SOUND.substring(2), BODY, APP_SECRET)).isFalse();
        assertThat(proves("sha256=" + SOUND.substring(0, 62), BODY, APP_SECRET)).isFalse();
    }

    @Test
    void withoutTheHeaderNothingIsBelieved() {
        assertThat(WebhookSignature.HUB_SIGNATURE.proves(
                        name -> null, BODY.getBytes(StandardCharsets.UTF_8), APP_SECRET))
                .isFalse();
    }

    @Test
    void theSignatureIsOverTheBytesAsTheyCame() {
        byte[] noUtf8 = {'{', (byte) 0xff, '}'};
        String signature = "sha256=" + APP_SECRET.hmacSha256(noUtf8);

        assertThat(WebhookSignature.HUB_SIGNATURE.proves(name -> signature, noUtf8, APP_SECRET))
                .isTrue();
        assertThat(WebhookSignature.HUB_SIGNATURE.proves(
                        name -> signature, new byte[] {'{', (byte) 0xfe, '}'}, APP_SECRET))
                .isFalse();
    }

    @Test
    void aProviderThatSendsNoneIsNeverBelieved() {
        assertThat(WebhookSignature.NONE.proves(
                        name -> "sha256=" + SOUND, BODY.getBytes(StandardCharsets.UTF_8), APP_SECRET))
                .isFalse();
    }

    private static boolean proves(String header, String body, Secret secret) {
        return WebhookSignature.HUB_SIGNATURE.proves(
                name -> name.toLowerCase(Locale.ROOT).equals("x-hub-signature-256") ? header : null,
                body.getBytes(StandardCharsets.UTF_8),
                secret);
    }
}
