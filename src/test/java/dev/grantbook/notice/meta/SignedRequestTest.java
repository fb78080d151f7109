package dev.grantbook.notice.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose signed requests are believed. */
class SignedRequestTest {

    private static final Secret APP_SECRET = new Secret("app secret");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123Z");
    private static final String SOUND =
            "{\"user_id\":\"1020304050\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":" + seconds(0) + "}";

    @Test
    void saysWhoseItIsAndWhenItWasWritten() {
        SignedRequest request = parse(Signed.request(SOUND, APP_SECRET));

        assertThat(request.account()).isEqualTo("1020304050");
        assertThat(request.issuedAt()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
    }

    @Test
    void theSignatureIsTheDocumentedOne() {
        // Computed outside: printf %s PAYLOAD | openssl dgst -sha256 -hmac 'app secret' -binary | basenc --base64url
        String made = "Jj4TeXTHJGOmKUVEmtqCAZm_7l8IWua1uawHezEadWk."
                + "eyJ1c2VyX2lkIjoiMTAyMDMwNDA1MCIsImFsZ29yaXRobSI6IkhNQUMtU0hBMjU2IiwiaXNzdWVkX2F0IjoxNzk1MzQxNjAwfQ";

        assertThat(Signed.request(SOUND, APP_SECRET)).isEqualTo(made);
    }

    @Test
    void anAccountIdMayBeANumberAndTheSignaturePadded() {
        String payload = "{\"user_id\":1020304050,\"algorithm\":\"HMAC-SHA256\",\"issued_at\":" + seconds(0) + "}";
        String[] parts = Signed.request(payload, APP_SECRET).split("\\.", 2);

        assertThat(parse(parts[0] + "=." + parts[1]).account()).isEqualTo("1020304050");
    }

    @Test
    void anotherAppsSignatureIsRefused() {
        assertRefused(Signed.request(SOUND, new Secret("another app's secret")), 403, "wrong-signature");
    }

    @Test
    void aChangedPayloadIsRefused() {
        String mine = Signed.request(SOUND, APP_SECRET);
        String victim = Signed.request(SOUND.replace("1020304050", "1020304051"), APP_SECRET);

        assertRefused(mine.split("\\.", 2)[0] + "." + victim.split("\\.", 2)[1], 403, "wrong-signature");
    }

    @Test
    void aShortenedSignatureIsRefused() {
        String sound = Signed.request(SOUND, APP_SECRET);

        assertRefused(sound.substring(4), 403, "wrong-signature");
        assertRefused(sound.substring(sound.indexOf('.')), 403, "wrong-signature");
        assertRefused(sound.substring(0, sound.length() - 4), 403, "wrong-signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HMAC-SHA1", "hmac-sha256", "HS256", ""})
    void onlyOneAlgorithmIsTaken(String algorithm) {
        assertMalformed(Signed.request(SOUND.replace("HMAC-SHA256", algorithm), APP_SECRET));
    }

    @ParameterizedTest
    @CsvSource({"-86399", "-1", "0", "59"})
    void aRequestLivesForADayAndClocksMayDiffer(long age) {
        assertThat(parse(Signed.request(SOUND.replace(seconds(0), seconds(age)), APP_SECRET))
                        .issuedAt())
                .isEqualTo(Instant.parse("2026-11-22T10:00:00Z").plusSeconds(age));
    }

    @ParameterizedTest
    @CsvSource({"-86401", "-31536000", "61", "31536000"})
    void anOldRequestAndOneFromTheFutureAreRefused(long age) {
        assertRefused(Signed.request(SOUND.replace(seconds(0), seconds(age)), APP_SECRET), 403, "stale-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "",
                "{\"user_id\":\"1\",\"algorithm\":\"HMAC-SHA256\"}",
                "{\"user_id\":\"1\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":\"soon\"}",
                "{\"user_id\":\"1\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1e400}",
                "{\"user_id\":\"1\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1e12}",
                "{\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1795341600}",
                "{\"user_id\":\"\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1795341600}",
                "{\"user_id\":null,\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1795341600}",
                "{\"user_id\":{},\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1795341600}",
                "{\"user_id\":\"a\\u0000b\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1795341600}",
                "{\"user_id\":\"a\\ud800b\",\"algorithm\":\"HMAC-SHA256\",\"issued_at\":1795341600}",
                "{\"user_id\":\"1\",\"algorithm\":{},\"issued_at\":1795341600}"
            })
    void aPayloadThatSaysTooLittleIsNotUsed(String payload) {
        assertMalformed(Signed.request(payload, APP_SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "nothing", "%%%.e30", "e30", " . ", "ä.ö"})
    void whatIsNoSignedRequestIsNotUsed(String text) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parse(text))
                .satisfies(refused -> assertThat(refused.problem().status()).isIn(400, 403));
    }

    @Test
    void anEndlessOneIsNotLookedAt() {
        assertMalformed("a".repeat(SignedRequest.LONGEST) + ".b");
    }

    private static void assertMalformed(String text) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parse(text))
                .satisfies(refused -> {
                    assertThat(refused.problem().status()).isEqualTo(400);
                    assertThat(refused.problem().faults())
                            .extracting(Problem.FieldFault::field)
                            .containsExactly("signed_request");
                });
    }

    private static void assertRefused(String text, int status, String slug) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> parse(text))
                .satisfies(refused -> {
                    assertThat(refused.problem().status()).isEqualTo(status);
                    assertThat(refused.problem().slug()).isEqualTo(slug);
                });
    }

    private static SignedRequest parse(String text) {
        return SignedRequest.parse(text, APP_SECRET, NOW, Duration.ofMinutes(1));
    }

    private static String seconds(long age) {
        return String.valueOf(NOW.getEpochSecond() + age);
    }
}
