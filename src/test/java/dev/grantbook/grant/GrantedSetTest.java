package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import org.junit.jupiter.api.Test;

class GrantedSetTest {

    @Test
    void theOrderOfScopesDoesNotMatter() {
        assertThat(GrantedSet.idOf(new ConnectorId("bot"), Scopes.of("A", "B")))
                .isEqualTo(GrantedSet.idOf(new ConnectorId("bot"), Scopes.of("B", "A")));
    }

    @Test
    void connectorsAndScopesDoMatter() {
        assertThat(GrantedSet.idOf(new ConnectorId("bot"), Scopes.of("A", "B")))
                .isNotEqualTo(GrantedSet.idOf(new ConnectorId("other"), Scopes.of("A", "B")))
                .isNotEqualTo(GrantedSet.idOf(new ConnectorId("bot"), Scopes.of("A")))
                .hasSize(32);
    }

    @Test
    void aSetKnowsWhatItHolds() {
        var set = new GrantedSet(new ConnectorId("bot"), Scopes.of("ASSETS:READ"));
        assertThat(set.holds("ASSETS:READ")).isTrue();
        assertThat(set.holds("ASSETS")).isFalse();
    }
}
