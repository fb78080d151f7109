package dev.grantbook.sandbox.mixin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixinAuthorizationRequestTest {

    private static final Scopes KNOWN = Scopes.of("PROFILE:READ", "ASSETS:READ", "CONTACTS:READ");
    private static final Scopes ALWAYS = Scopes.of("PROFILE:READ");
    private static final URI REDIRECT = URI.create("https://bot.example/callback");
    private static final Secret CODE = new Secret("c0de");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ASSETS:READ+CONTACTS:READ",
                "ASSETS:READ%20CONTACTS:READ",
                "ASSETS:READ%2BCONTACTS:READ",
                "PROFILE:READ+CONTACTS:READ+ASSETS:READ"
            })
    void scopesAreSeparatedByPlusOrSpaceAndTheProfileIsAlwaysAmongThem(String scope) {
        assertThat(parse("client_id=bot&scope=" + scope).scopes()).isEqualTo(KNOWN);
    }

    @Test
    void whatTheRealPageIgnoresIsIgnored() {
        var request = parse("client_id=bot&scope=ASSETS:READ&redirect_uri=https://evil.example&response_type=token"
                + "&code_challenge_method=plain&state=s");

        assertThat(request.describeGrant(REDIRECT, CODE)).isEqualTo("https://bot.example/callback?code=c0de&state=s");
    }

    @Test
    void theReturnAddressIsEncodedAndTheStateIsNot() {
        var request = parse("client_id=bot&scope=ASSETS:READ&state=a%2Fb&return_to=https://bot.example/%3Fq%3D1%202");

        assertThat(request.describeGrant(REDIRECT, CODE))
                .isEqualTo("https://bot.example/callback?code=c0de&state=a/b"
                        + "&return_to=https%3A%2F%2Fbot.example%2F%3Fq%3D1%202");
        assertThat(request.describeRefusal(REDIRECT))
                .startsWith("https://bot.example/callback?error=access_denied&state=a/b&return_to=https%3A%2F%2F");
    }

    @Test
    void theStateIsAlwaysThereMaybeEmpty() {
        assertThat(parse("client_id=bot&scope=ASSETS:READ").describeRefusal(REDIRECT))
                .isEqualTo("https://bot.example/callback?error=access_denied&state=");
    }

    @Test
    void aRegisteredAddressWithAQueryBreaksAsItDoesForReal() {
        URI withQuery = URI.create("https://bot.example/callback?bot=1");

        assertThat(parse("client_id=bot&scope=ASSETS:READ&state=s").describeGrant(withQuery, CODE))
                .isEqualTo("https://bot.example/callback?bot=1?code=c0de&state=s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%0d%0aSet-Cookie:x=1", "a%20b", "%00", "%C3%A9", "50%25", "%22"})
    void aStateThatCannotStandInAHeaderIsRefused(String state) {
        assertRefused("client_id=bot&scope=ASSETS:READ&state=" + state, "state");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&scope=", "&scope=+", "&scope=MONEY:MOVE", "&scope=%00", "&scope=ASSETS:READ,X"})
    void aScopeThatDoesNotExistIsRefused(String scope) {
        assertRefused("client_id=bot" + scope, "scope");
    }

    @Test
    void overlongValuesAreRefused() {
        String request = "client_id=bot&scope=ASSETS:READ";

        assertRefused(request + "&state=" + "s".repeat(2001), "state");
        assertRefused(request + "&code_challenge=" + "c".repeat(129), "code_challenge");
        assertRefused("scope=ASSETS:READ", "client_id");
    }

    private static void assertRefused(String query, String field) {
        assertThatExceptionOfType(MixinRefusal.class)
                .isThrownBy(() -> parse(query))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(MixinRefusal.INVALID_FIELD);
                    assertThat(refusal.field()).isEqualTo(field);
                });
    }

    private static MixinAuthorizationRequest parse(String query) {
        return MixinAuthorizationRequest.parse(Parameters.parse(query), KNOWN, ALWAYS);
    }
}
