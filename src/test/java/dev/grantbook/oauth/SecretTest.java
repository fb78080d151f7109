package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretTest {

    private static final Secret OPEN_SESAME = new Secret("open sesame");

    /** Everything that carries a secret around and might be printed or logged. */
    static List<Object> carriers() {
        return List.of(
                OPEN_SESAME,
                new Pkce(OPEN_SESAME),
                new AuthorizationResponse.Granted(OPEN_SESAME, "https://issuer.example", OPEN_SESAME),
                new AuthorizationResponse.Denied(OPEN_SESAME, null, OAuthError.of("access_denied", null)),
                new TokenResponse(OPEN_SESAME, "Bearer", Duration.ofHours(1), OPEN_SESAME, Scopes.NONE, OPEN_SESAME),
                new Parameters().with("code", OPEN_SESAME.value()),
                Optional.of(OPEN_SESAME),
                List.of(OPEN_SESAME));
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void isNeverPrinted(Object carrier) {
        assertThat(carrier.toString()).isNotEmpty().doesNotContain("sesame");
    }

    @Test
    void isAlphanumericAndAlwaysOfOneLength() {
        var random = new SecureRandom();
        var seen = new HashSet<Secret>();
        for (int i = 0; i < 200; i++) {
            seen.add(Secret.random(random));
        }

        assertThat(seen)
                .hasSize(200)
                .allSatisfy(secret -> assertThat(secret.value()).matches("[0-9A-Za-z]{43}"));
    }

    @Test
    void isStoredAsSha256InHex() {
        // The first test vector of FIPS 180-2.
        assertThat(new Secret("abc").hash())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void isKnownByItsHashAndByNoOther() {
        assertThat(OPEN_SESAME.matches(OPEN_SESAME.hash())).isTrue();
        assertThat(OPEN_SESAME.matches(new Secret("open barley").hash())).isFalse();
        assertThat(OPEN_SESAME.matches("open sesame")).isFalse();
        assertThat(OPEN_SESAME.matches("")).isFalse();
    }

    @Test
    void cannotBeEmpty() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Secret(""));
    }
}
