package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Need;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Shortfall.FeatureState;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.testing.Configuration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShortfallTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final Need need = TestConnectors.ledgerBot(TestProviders.catalogue(configuration.settings())
                    .find("mixin")
                    .orElseThrow())
            .need();

    @Test
    void nothingIsMissingWhenAllWasGranted() {
        Shortfall shortfall = Shortfall.of(need, need.scopes().plus(Scopes.of("STICKER:READ")));

        assertThat(shortfall.isMet()).isTrue();
        assertThat(shortfall.isNone()).isTrue();
        assertThat(shortfall.features()).allMatch(FeatureState::ready);
    }

    @Test
    void theBotGoesOnWithoutWhatIsOptional() {
        Shortfall shortfall = Shortfall.of(need, need.required());

        assertThat(shortfall.isMet()).isTrue();
        assertThat(shortfall.isNone()).isFalse();
        assertThat(shortfall.scopes()).isEqualTo(Scopes.of("COLLECTIBLES:READ", "CONTACTS:READ"));
        assertThat(shortfall.features()).extracting(FeatureState::ready).containsExactly(true, false);
        assertThat(shortfall.features())
                .extracting(FeatureState::missing)
                .containsExactly(Scopes.of("COLLECTIBLES:READ"), Scopes.of("CONTACTS:READ"));
    }

    @Test
    void theBotStopsWithoutWhatIsRequired() {
        Shortfall shortfall = Shortfall.of(need, need.scopes().minus(Scopes.of("SNAPSHOTS:READ")));

        assertThat(shortfall.isMet()).isFalse();
        assertThat(shortfall.required()).isEqualTo(Scopes.of("SNAPSHOTS:READ"));
        assertThat(shortfall.optional().isEmpty()).isTrue();
        assertThat(shortfall.features()).extracting(FeatureState::ready).containsExactly(false, true);
    }

    @Test
    void everythingIsMissingWhenNothingWasGranted() {
        Shortfall shortfall = Shortfall.of(need, Scopes.NONE);

        assertThat(shortfall.required()).isEqualTo(need.required());
        assertThat(shortfall.optional()).isEqualTo(need.optional());
    }

    @Test
    void whoNeedsNothingLacksNothing() {
        assertThat(Shortfall.of(new Need(List.of(), Scopes.NONE, Scopes.NONE), Scopes.NONE)
                        .isNone())
                .isTrue();
    }
}
