package dev.grantbook.platform.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors of ours come back, and others are none. */
class CursorTextTest {

    @Test
    @DisplayName("4.7 A cursor comes back part by part")
    void aCursorComesBack() {
        assertThat(CursorText.read(CursorText.write("2026-01-01T00:00:00Z", "id", "a b 王"), 3))
                .contains(List.of("2026-01-01T00:00:00Z", "id", "a b 王"));
        assertThat(CursorText.read(CursorText.write("bot", ""), 2)).contains(List.of("bot", ""));
    }

    @ParameterizedTest
    @DisplayName("4.7 A text that no cursor of ours has is none")
    @ValueSource(strings = {"one", "one two", " two three", "one  three", "one two thr\u0000ee", "one two \u007f", ""})
    void aTextThatNoCursorHasIsNone(String text) {
        String cursor = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));

        assertThat(CursorText.read(cursor, 3)).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("4.7 A moment that no list has is none")
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59Z",
                "-1000000000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "1969-12-31T23:59:59Z",
                "2026-01-01",
                ""
            })
    void aMomentThatNoListHasIsNone(String text) {
        assertThat(CursorText.instant(text)).isEmpty();
    }

    @Property
    void anyTextIsReadWithoutAnException(@ForAll String text) {
        assertThat(CursorText.read(text, 2)).isNotNull();
        assertThat(CursorText.instant(text)).isEmpty();
    }
}
