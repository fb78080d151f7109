package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

    @Property
    void whatIsEncodedCanBeReadAgain(
            @ForAll @StringLength(min = 1, max = 20) String name, @ForAll @StringLength(max = 40) String value) {
        String encoded = new Parameters().with(name, value).encoded();

        assertThat(encoded).matches("[A-Za-z0-9._*%=-]+");
        assertThat(Parameters.parse(encoded).get(name)).isEqualTo(value);
    }

    @Property
    void readingAnyQueryGivesAnAnswerOrSaysItIsMalformed(
            @ForAll @Chars({'%', '&', '=', '+', 'a', '2', 'é'}) String query) {
        try {
            assertThat(Parameters.parse(query).names()).doesNotContainNull();
        } catch (IllegalArgumentException e) {
            assertThat(query).contains("%");
        }
    }

    @ParameterizedTest
    @CsvSource({"state=a+b,a b", "state=a%20b,a b", "state=a%2Bb,a+b", "state=%E4%BD%A0,你", "state=,''", "state=a=b,a=b"
    })
    void decodesAsFormsDo(String query, String value) {
        assertThat(Parameters.parse(query).get("state")).isEqualTo(value);
    }

    @Test
    void keepsTheOrder() {
        assertThat(new Parameters().with("b", "1").with("a", "2").encoded()).isEqualTo("b=1&a=2");
    }

    @Test
    void leavesNullOut() {
        assertThat(new Parameters().with("a", null).with("b", "1").encoded()).isEqualTo("b=1");
    }

    @Test
    void noticesAParameterThatIsGivenTwice() {
        var parameters = Parameters.parse("state=1&code=x&state=1&%73tate=2");

        assertThat(parameters.isRepeated("state")).isTrue();
        assertThat(parameters.isRepeated("code")).isFalse();
        assertThat(parameters.isRepeated("iss")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=%", "state=%2", "state=%zz", "%=1", "a=1&b=%u0041"})
    void refusesAMalformedPercentSign(String query) {
        assertThatIllegalArgumentException().isThrownBy(() -> Parameters.parse(query));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"&", "&&", "=", "=x", "state", "#_=_"})
    void findsNothingWhereThereIsNothing(String query) {
        assertThat(Parameters.parse(query).get("state")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/authorize,           https://a.example/authorize?state=x%20y",
        "https://a.example/authorize?tenant=1,  https://a.example/authorize?tenant=1&state=x%20y",
        "https://a.example/authorize#top,       https://a.example/authorize?state=x%20y#top",
        "app://open,                            app://open?state=x%20y"
    })
    void goBehindTheQueryAndBeforeTheFragment(URI address, URI wanted) {
        assertThat(new Parameters().with("state", "x y").appendTo(address)).isEqualTo(wanted);
    }

    @Test
    void printOnlyTheirNames() {
        assertThat(new Parameters().with("code", "4711")).hasToString("[code]");
    }
}
