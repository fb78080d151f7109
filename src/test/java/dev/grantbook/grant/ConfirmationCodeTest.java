package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationCodeTest {

    private static final Secret BROWSER = new Secret("browser-1");

    @Test
    void isTheSameWheneverItsPageIsShown() {
        assertThat(ConfirmationCode.of(BROWSER, "trip-1")).isEqualTo(ConfirmationCode.of(BROWSER, "trip-1"));
    }

    @Test
    void isAnotherForAnotherTripAndAnotherBrowser() {
        ConfirmationCode code = ConfirmationCode.of(BROWSER, "trip-1");

        assertThat(ConfirmationCode.of(BROWSER, "trip-2")).isNotEqualTo(code);
        assertThat(ConfirmationCode.of(new Secret("browser-2"), "trip-1")).isNotEqualTo(code);
    }

    @Test
    void usesItsWholeAlphabet() {
        var random = new SecureRandom();
        Set<Integer> letters = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            ConfirmationCode.of(Secret.random(random), "trip").text().chars().forEach(letters::add);
        }
        assertThat(letters).hasSize(21);
    }

    @Test
    void isShownInTwoHalves() {
        assertThat(ConfirmationCode.of(BROWSER, "trip-1").shown()).matches("[3-9A-Z]{3}-[3-9A-Z]{3}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"K7Q-M4T", "k7qm4t", " K7Q M4T\n", "k7q–m4t", "K 7 Q M 4 T.", "\u00a0K7QM4T"})
    void isReadAsPeopleTypeIt(String typed) {
        assertThat(ConfirmationCode.parse(typed)).contains(new ConfirmationCode("K7QM4T"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K7QM4", "K7QM4TT", "hello", "K7QM4O", "K7Q/M4T", "Ｋ７ＱＭ４Ｔ"})
    void whatCannotBeACodeIsNone(String typed) {
        assertThat(ConfirmationCode.parse(typed)).isEmpty();
    }

    @Test
    void doesNotPrintItself() {
        assertThat(new ConfirmationCode("K7QM4T")).asString().doesNotContain("K7Q");
    }
}
