package dev.grantbook.catalogue.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.testing.Configuration;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Challenges of servers that want another scope: RFC 6750 section 3.1, and what else stands in that header. */
class BearerChallengeTest {

    private final Map<String, List<String>> headers = Map.of(
            "WWW-Authenticate", List.of("Bearer error=\"insufficient_scope\", scope=\"files:read files:write\""));

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @ParameterizedTest(name = "{0}")
    @DisplayName("2.21 A challenge names the scopes that are missing, however it is written")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '\u0001',
            value = {
                "Bearer error=\"insufficient_scope\", scope=\"files:read files:write\" => files:read files:write",
                "bearer realm=\"x\",error=insufficient_scope,scope=files:read => files:read",
                "Bearer resource_metadata=\"https://a.example/m?x=1,2\", scope=\"a\", error=\"insufficient_scope\" => a",
                "Basic realm=\"a, Bearer error=x\", Bearer error=\"insufficient_scope\", scope=\"b\" => b",
                "Negotiate YWJj==, Bearer error=\"insufficient_scope\", scope=\"c\", error_description=\"say \\\"c\\\"\" => c",
                "Bearer realm=\"x\" , , Bearer Error = \"insufficient_scope\" , SCOPE = \"d\" => d"
            })
    void namesTheScopes(String header, String scopes) {
        assertThat(BearerChallenge.insufficientScope(Map.of("www-authenticate", List.of(header))))
                .contains(Scopes.parse(scopes, ' '));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("2.21 Names that are none are left out, and the meaning stays")
    @ValueSource(
            strings = {
                "Bearer error=\"insufficient_scope\"",
                "Bearer error=\"insufficient_scope\", scope=\"\"",
                "Bearer error=\"insufficient_scope\", scope=\"a\\\\b\u00e4\""
            })
    void namesThatAreNoneAreLeftOut(String header) {
        assertThat(BearerChallenge.insufficientScope(Map.of("WWW-Authenticate", List.of(header))))
                .contains(Scopes.NONE);
    }

    @ParameterizedTest
    @DisplayName("2.21 No other header is taken for such a challenge")
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer error=\"invalid_token\"",
                "Basic error=\"insufficient_scope\"",
                "error=\"insufficient_scope\"",
                "Bearer realm=\"error=insufficient_scope\"",
                "Bearer error=\"insufficient_scope"
            })
    void noOtherHeaderIsTaken(String header) {
        assertThat(BearerChallenge.insufficientScope(Map.of("WWW-Authenticate", List.of(header))))
                .isEmpty();
    }

    @Test
    @DisplayName("2.21 A header of any length is read in no time")
    void aHeaderOfAnyLengthIsReadInNoTime() {
        for (int length : new int[] {4_000, 100_000}) {
            String header = "Bearer error=\"" + "\\\"a=".repeat(length / 4);
            assertThat(BearerChallenge.insufficientScope(Map.of("WWW-Authenticate", List.of(header))))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("2.21 A challenge counts before what the status alone says")
    void aChallengeCountsBeforeTheStatus() {
        Provider provider =
                TestProviders.catalogue(configuration.settings()).find("oauth2").orElseThrow();

        assertThat(provider.failure(401, headers, JsonValue.EMPTY_JSON_OBJECT, Scopes.NONE))
                .isEqualTo(new ApiFailure(Meaning.SCOPE_MISSING, Scopes.of("files:read", "files:write")));
        assertThat(provider.failure(401, Map.of(), JsonValue.EMPTY_JSON_OBJECT, Scopes.NONE)
                        .meaning())
                .isEqualTo(Meaning.DEAD);
    }

    @ParameterizedTest(name = "{0} granted: {1} missing")
    @DisplayName("2.21 What is granted is not missing, unless all that is named is granted")
    @CsvSource({
        "'', files:read files:write",
        "files:read, files:write",
        "files:read files:write, files:read files:write"
    })
    void whatIsGrantedIsNotMissing(String granted, String missing) {
        Provider provider =
                TestProviders.catalogue(configuration.settings()).find("oauth2").orElseThrow();

        assertThat(provider.failure(403, headers, JsonValue.EMPTY_JSON_OBJECT, Scopes.parse(granted, ' '))
                        .missing())
                .isEqualTo(Scopes.parse(missing, ' '));
    }
}
