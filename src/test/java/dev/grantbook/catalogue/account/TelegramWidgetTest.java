package dev.grantbook.catalogue.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.oauth.Secret;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hashes were made with {@code openssl dgst -sha256 -mac HMAC}, from the words of Telegram's page. */
class TelegramWidgetTest {

    private static final Secret BOT_TOKEN = new Secret("424242:sandbox-bot-token");

    private static final Instant SIGNED_AT = Instant.ofEpochSecond(1795341600);

    private static final TelegramWidget WIDGET = new TelegramWidget(Duration.ofDays(1), Duration.ofMinutes(1));

    private static final String ADA = """
            {"id": 777000777, "first_name": "Ada", "last_name": "Lovelace", "username": "ada",
             "photo_url": "https://t.me/i/userpic/320/ada.jpg", "auth_date": 1795341600,
             "hash": "7f9f4c2ce56917442ec1ccd3e232064085dc98fed6a073d8a15efee1d0f25a78"}""";

    @Test
    void saysWhoSignedIn() {
        assertThat(check(ADA, SIGNED_AT)).isEqualTo(new ProvenAccount("777000777", "Ada Lovelace", SIGNED_AT));
    }

    @Test
    void numbersMayComeAsText() {
        String redirected = ADA.replace("777000777", "\"777000777\"").replace("1795341600", "\"1795341600\"");

        assertThat(check(redirected, SIGNED_AT).id()).isEqualTo("777000777");
    }

    @Test
    void fieldsThatTelegramDoesNotGiveAreNotSigned() {
        String chinese = """
                {"id": 777000777, "first_name": "爱丽丝", "auth_date": 1795341600,
                 "hash": "668ED1E94DBB3D61BCD2657BAA04505FF730D690350C711632756D9A993E4181"}""";

        assertThat(check(chinese, SIGNED_AT).name()).isEqualTo("爱丽丝");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "777000777|777000778",
                "Ada|Eve",
                "1795341600|1795341601",
                "\"username\": \"ada\",|",
                "\"username\": \"ada\",|\"username\": \"ada\", \"is_premium\": \"1\",",
                "7f9f|7f9e",
            })
    void aFieldThatWasChangedAddedOrLeftOutDoesNotFitTheHash(String genuine, String forged) {
        String data = ADA.replace(genuine, forged == null ? "" : forged);

        assertThat(refusal(data, SIGNED_AT)).isEqualTo("hash");
    }

    @Test
    void theTokenOfAnotherBotDoesNotFit() {
        var refused = catchThrowableOfType(
                AccountProofException.class,
                () -> WIDGET.check(json(ADA), new Secret("424242:another-token"), SIGNED_AT));

        assertThat(refused.field()).isEqualTo("hash");
        assertThat(refused.reason()).doesNotContain("another-token");
    }

    /** This hash fits the text either way; only one way is what Telegram signed. */
    @Test
    void aLineBreakCannotHideAnotherField() {
        String smuggled = """
                {"id": 1, "first_name": "A", "last_name": "x\\nid=777000777", "auth_date": 1795341600,
                 "hash": "3f5b6f3ab05940f01dcbf2f0d3924a662394870cce16ac00bef7d1858cbd39dc"}""";

        assertThat(refusal(smuggled, SIGNED_AT)).isEqualTo("last_name");
    }

    @Test
    void aProofCountsForADayAndAsOftenAsItIsShown() {
        Instant almostADayLater = SIGNED_AT.plus(Duration.ofDays(1));

        assertThat(check(ADA, almostADayLater)).isEqualTo(check(ADA, almostADayLater));
        assertThat(refusal(ADA, almostADayLater.plusSeconds(1))).isEqualTo("auth_date");
    }

    @Test
    void aProofFromTheFutureDoesNotCountButClocksMayDifferByAMinute() {
        assertThat(check(ADA, SIGNED_AT.minusSeconds(60)).at()).isEqualTo(SIGNED_AT);
        assertThat(refusal(ADA, SIGNED_AT.minusSeconds(61))).isEqualTo("auth_date");
    }

    @Test
    void ageIsNotToldToThoseWhoCannotSign() {
        assertThat(refusal(ADA.replace("Ada", "Eve"), SIGNED_AT.plus(Duration.ofDays(30))))
                .isEqualTo("hash");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|hash",
                "{\"hash\": \"zz\"}|hash",
                "{\"hash\": 12}|hash",
                "{\"hash\": null}|hash",
                "{\"hash\": {}}|hash",
                "{\"hash\": true}|hash",
                "{\"First-Name\": \"A\"}|First-Name",
                "{\"\": \"A\"}|''",
                "{\"first_name\": 1.5}|first_name",
                "{\"first_name\": [\"A\"]}|first_name",
                "{\"first_name\": \"A\\u0000\"}|first_name",
            })
    void namesTheFieldThatCannotBeRead(String data, String field) {
        assertThat(refusal(data, SIGNED_AT)).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"01\"", "1e3", "99999999999999999999", "\" 1\"", "\"abc\"", "\"\""})
    void anIdIsAPositiveNumber(String id) {
        assertThat(refusal(ADA.replace("777000777", id), SIGNED_AT)).isEqualTo("id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "999999999999", "\"2026-11-22\""})
    void aTimeIsSecondsSince1970(String time) {
        assertThat(refusal(ADA.replace("1795341600", time), SIGNED_AT)).isEqualTo("auth_date");
    }

    private static ProvenAccount check(String data, Instant now) {
        return WIDGET.check(json(data), BOT_TOKEN, now);
    }

    private static String refusal(String data, Instant now) {
        return catchThrowableOfType(AccountProofException.class, () -> check(data, now))
                .field();
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
