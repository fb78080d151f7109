package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.AuthorizationResponse.Denied;
import dev.grantbook.oauth.AuthorizationResponse.Granted;
import dev.grantbook.oauth.AuthorizationResponse.Invalid;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationResponseTest {

    private static final Secret STATE = new Secret("s1");

    @Test
    void aCodeMeansGranted() {
        assertThat(AuthorizationResponse.parse("code=c1&state=s1&return_to=https%3A%2F%2Fbot.example"))
                .isEqualTo(new Granted(STATE, null, new Secret("c1")));
    }

    @Test
    void theIssuerComesAlong() {
        assertThat(AuthorizationResponse.parse("code=c1&state=s1&iss=https%3A%2F%2Fissuer.example%2F"))
                .isEqualTo(new Granted(STATE, "https://issuer.example/", new Secret("c1")));
    }

    @Test
    void anErrorMeansDenied() {
        assertThat(AuthorizationResponse.parse("error=access_denied&state=s1&iss=i"))
                .isEqualTo(new Denied(STATE, "i", new OAuthError("access_denied", null)));
    }

    @Test
    void anErrorKeepsItsDescription() {
        assertThat(AuthorizationResponse.parse("error=invalid_scope&error_description=No+such+scope.&state=s1"))
                .isEqualTo(new Denied(STATE, null, new OAuthError("invalid_scope", "No such scope.")));
    }

    @Test
    @DisplayName("2.7 An empty error beside a code is none, and an empty code beside an error is none")
    void aParameterWithoutAValueIsLeftOut() {
        assertThat(AuthorizationResponse.parse("state=s1&error=&error_description=&code=c1"))
                .isEqualTo(new Granted(STATE, null, new Secret("c1")));
        assertThat(AuthorizationResponse.parse("state=s1&code=&error=access_denied"))
                .isEqualTo(new Denied(STATE, null, new OAuthError("access_denied", null)));
    }

    @ParameterizedTest
    @CsvSource({
        "code=c1,                             the parameter state is missing",
        "code=c1&state=,                      the parameter state is missing",
        "'',                                  the parameter state is missing",
        "error=access_denied,                 the parameter state is missing",
        "state=s1&state=s1&code=c1,           the parameter state was given more than once",
        "state=s1&code=%zz,                   the query is not well-formed"
    })
    void everythingElseIsInvalidForAReason(String query, String reason) {
        assertThat(AuthorizationResponse.parse(query)).isEqualTo(new Invalid(reason));
    }

    @ParameterizedTest
    @DisplayName("2.13 What cannot be used ends the trip whose state it has, as failed")
    @CsvSource({
        "state=s1,                            neither code nor error was given",
        "state=s1&code=,                      neither code nor error was given",
        "state=s1&error=,                     neither code nor error was given",
        "state=s1&error_code=1349003&error_message=Sorry, neither code nor error was given",
        "state=s1&code=c1&error=x,            both code and error were given",
        "state=s1&code=&error=,               neither code nor error was given",
        "state=s1&code=c1&code=c2,            the parameter code was given more than once",
        "state=s1&error=a&error=b,            the parameter error was given more than once",
        "state=s1&code=c1&iss=a&iss=b,        the parameter iss was given more than once"
    })
    void whatCannotBeUsedEndsTheTripAsFailed(String query, String reason) {
        var denied = (Denied) AuthorizationResponse.parse(query);

        assertThat(denied).isEqualTo(new Denied(STATE, null, new OAuthError(reason, null)));
        assertThat(denied.error().isRefusal()).isFalse();
    }

    @Test
    void noQueryIsInvalid() {
        assertThat(AuthorizationResponse.parse(null)).isEqualTo(new Invalid("the parameter state is missing"));
    }

    @Test
    void sixtyFourKibibytesOfStateAreInvalid() {
        assertThat(AuthorizationResponse.parse("code=c1&state=" + "A".repeat(64 * 1024)))
                .isEqualTo(new Invalid("the parameter state is longer than 4096 characters"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "iss", "error"})
    void sixtyFourKibibytesOfAParameterFail(String name) {
        String query = "state=s1&code=c1".replace(name + "=", "x=") + "&" + name + "=" + "A".repeat(64 * 1024);

        assertThat(AuthorizationResponse.parse(query))
                .isEqualTo(new Denied(
                        STATE,
                        null,
                        new OAuthError("the parameter " + name + " is longer than 4096 characters", null)));
    }

    @Test
    void sixtyFourKibibytesOfStrangeParametersDoNotMatter() {
        assertThat(AuthorizationResponse.parse("x=1&".repeat(16 * 1024) + "state=s1&code=c1"))
                .isEqualTo(new Granted(STATE, null, new Secret("c1")));
    }

    @Test
    void whatAnErrorSaysBecomesOneSafeLine() {
        String query = "state=s1&error=access_denied&error_description=%0D%0A2026-01-01+SEVERE%00%1B[31m%E2%80%AE"
                + "A B".repeat(64 * 1024);

        var denied = (Denied) AuthorizationResponse.parse(query);

        assertThat(denied.error().redact(Redaction.NONE))
                .startsWith("access_denied: 2026-01-01 SEVERE [31m A")
                .matches("[ -~]+")
                .hasSizeLessThan(250);
    }

    @Property
    void anyQueryIsReadWithoutAnException(@ForAll @Chars({'%', '&', '=', '+', 'a', '2', 'é'}) String query) {
        assertThat(AuthorizationResponse.parse("state=s1&code=c1&" + query)).isNotNull();
    }
}
