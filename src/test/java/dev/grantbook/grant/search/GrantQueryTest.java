package dev.grantbook.grant.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantQueryTest {

    @Test
    void aPlaceSurvivesTheAddress() {
        var place = new GrantCursor(
                Instant.parse("2026-11-22T10:11:12.345Z"), new Subject("张 伟 & co"), new GrantId("5c8f4f7e"));
        assertThat(GrantCursor.parse(place.cursor())).isEqualTo(Optional.of(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "AAAA", "MjAyNi0xMS0yMg", "bm90IGEgdGltZQ"})
    void whatIsNoCursorIsNoPlace(String text) {
        assertThat(GrantCursor.parse(text)).isEmpty();
    }
}
