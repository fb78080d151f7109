package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.TestVaults;
import dev.grantbook.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SealedTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final Vault vault = TestVaults.fresh();
    private final Sealed access = vault.seal("access", "row");
    private final Sealed refresh = vault.seal("refresh", "row");
    private final SealedTokens tokens = new SealedTokens();

    @Test
    void aRefreshKeepsWhatItsReplyDoesNotSpeakOf() {
        tokens.issue(access, refresh, HOUR, NOW);
        Sealed newer = vault.seal("newer", "row");

        tokens.refresh(newer, null, null, NOW.plus(HOUR));

        assertThat(tokens.access()).isEqualTo(newer);
        assertThat(tokens.refresh()).isEqualTo(refresh);
        assertThat(tokens.expiresAt()).isEqualTo(NOW.plus(HOUR).plus(HOUR));
        assertThat(tokens.issuedAt()).isEqualTo(NOW.plus(HOUR));
    }

    @Test
    void aNewAuthorizationKeepsNothing() {
        tokens.issue(access, refresh, HOUR, NOW);
        tokens.failRefresh(NOW.plus(HOUR));

        tokens.issue(access, null, null, NOW);

        assertThat(tokens.refresh()).isNull();
        assertThat(tokens.expiresAt()).isNull();
        assertThat(tokens.refreshFailures()).isZero();
        assertThat(tokens.retryAt()).isNull();
    }

    @Test
    void aTokenIsNearItsEndHalfOfItsLifeBeforeAtMost() {
        tokens.issue(access, refresh, HOUR, NOW);

        assertThat(tokens.isNearItsEnd(HOUR, NOW.plus(Duration.ofMinutes(29)))).isFalse();
        assertThat(tokens.isNearItsEnd(HOUR, NOW.plus(Duration.ofMinutes(30)))).isTrue();
        assertThat(tokens.isNearItsEnd(Duration.ofMinutes(5), NOW.plus(Duration.ofMinutes(54))))
                .isFalse();
    }

    @Test
    void aFailedRefreshIsWaitedOutAndTheTokensStay() {
        tokens.issue(access, refresh, HOUR, NOW);

        tokens.failRefresh(NOW.plusSeconds(30));

        assertThat(tokens.isPausing(NOW.plusSeconds(29))).isTrue();
        assertThat(tokens.isPausing(NOW.plusSeconds(30))).isFalse();
        assertThat(tokens.refreshFailures()).isEqualTo(1);
        assertThat(tokens.access()).isEqualTo(access);
    }
}
