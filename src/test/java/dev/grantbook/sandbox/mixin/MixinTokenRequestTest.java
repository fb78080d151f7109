package dev.grantbook.sandbox.mixin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.json.Json;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixinTokenRequestTest {

    /** Made with Mixin's own kit for Node. */
    private static final String VERIFIER = "MomLx8G8mb7mMBFfrkfZdBUfjFa0M801bC0ZOdaL-7w";

    private static final String CHALLENGE = "SUm3rLNWb4FXvJvDxyo9M7AsJo5Jm_f95TC9KjLzsM0";

    /** What RFC 7636 would make of the same verifier. */
    private static final String PLAIN_S256 = "qmKxnFbFD8jwx8kg6UAgcE-K-gNPC-5ShuxD2YLedG0";

    @Test
    void theChallengeIsMadeOfTheBytesThatTheVerifierDecodesTo() {
        assertThat(request(VERIFIER).proves(CHALLENGE)).isTrue();
        assertThat(request(VERIFIER).proves(PLAIN_S256)).isFalse();
    }

    @Test
    void aChallengeNeedsItsVerifier() {
        assertThat(request("").proves(CHALLENGE)).isFalse();
        assertThat(request("not base64url!").proves(CHALLENGE)).isFalse();
        assertThat(request(VERIFIER.toLowerCase(Locale.ROOT)).proves(CHALLENGE)).isFalse();
    }

    @Test
    void withoutAChallengeThereIsNothingToProve() {
        assertThat(request("").proves(null)).isTrue();
        assertThat(request(VERIFIER).proves(null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "\"text\"", "{", "client_id=a&code=b", "{\"client_id\":}"})
    void aBodyThatIsNoJsonObjectIsBad(String body) {
        assertThatExceptionOfType(MixinRefusal.class)
                .isThrownBy(() -> MixinTokenRequest.parse(body))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(MixinRefusal.BAD_BODY));
    }

    @Test
    void aDeeplyNestedBodyIsBad() {
        assertThatExceptionOfType(MixinRefusal.class)
                .isThrownBy(() -> MixinTokenRequest.parse("{\"a\":" + "[".repeat(60_000)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(MixinRefusal.BAD_BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"client_id\":\"\",\"client_secret\":\"s\",\"code\":\"c\"}",
                "{\"client_id\":1,\"client_secret\":\"s\",\"code\":\"c\"}",
                "{\"client_id\":null,\"client_secret\":\"s\",\"code\":\"c\"}",
                "{\"client_id\":[],\"client_secret\":\"s\",\"code\":\"c\"}"
            })
    void aFieldThatCannotBeUsedIsNamed(String body) {
        assertThatExceptionOfType(MixinRefusal.class)
                .isThrownBy(() -> MixinTokenRequest.parse(body))
                .satisfies(refusal -> {
                    assertThat(refusal.toJson().getJsonObject("error").getInt("status"))
                            .isEqualTo(202);
                    assertThat(refusal.code()).isEqualTo(MixinRefusal.INVALID_FIELD);
                    assertThat(refusal.field()).isEqualTo("client_id");
                });
    }

    private static MixinTokenRequest request(String verifier) {
        return MixinTokenRequest.parse(Json.createObjectBuilder(Map.of(
                        "client_id", "bot",
                        "client_secret", "secret",
                        "code", "code",
                        "ed25519", "",
                        "code_verifier", verifier,
                        "unknown", "ignored"))
                .build()
                .toString());
    }
}
