package dev.grantbook.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenResponseTest {

    @ParameterizedTest
    @CsvSource({"PT1H, PT2S, PT59M58S", "PT2S, PT2S, PT0S", "PT2S, PT5S, PT0S"})
    void theTimeOnTheWayIsPartOfTheLifetime(Duration lifetime, Duration passed, Duration left) {
        assertThat(reply(lifetime).after(passed)).isEqualTo(reply(left));
    }

    @Test
    void whatHasNoEndHasNoneLater() {
        assertThat(reply(null).after(Duration.ofHours(1))).isEqualTo(reply(null));
    }

    private static TokenResponse reply(@Nullable Duration lifetime) {
        return new TokenResponse(
                new Secret("access-1"), "Bearer", lifetime, new Secret("refresh-1"), Scopes.of("mail.read"), null);
    }
}
