package dev.grantbook.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.platform.config.ConfigurationException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlDocumentTest {

    @Test
    void readsTheSameAsJson() {
        var document = new YamlDocument("a.yaml", """
                text: 好 # a comment
                quoted: "7"
                number: 7
                fraction: 1.50
                yes: true
                no: false
                nothing:
                list: [a, {b: c}]
                folded: >-
                  one
                  two
                """);

        assertThat(document.json()).isEqualTo(json("""
                        {"text": "好", "quoted": "7", "number": 7, "fraction": 1.50, "yes": true, "no": false,
                         "nothing": null, "list": ["a", {"b": "c"}], "folded": "one two"}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {".inf", "-.inf", ".nan", ".NaN", ".Inf", "yes", "0x1F", "2026-11-22", "1_000"})
    void leavesWhatJsonDoesNotKnowAsText(String text) {
        assertThat(new YamlDocument("a.yaml", "value: " + text).json().getString("value"))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "text", "7", "- a\n- b", "---\n..."})
    void wantsAMapping(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new YamlDocument("a.yaml", text))
                .withMessage("a.yaml:1: a mapping of keys to values is wanted");
    }

    @Test
    void noticesAKeyThatStandsTwice() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new YamlDocument("a.yaml", "a:\n  b: 1\n  c: 2\n  b: 3\n"))
                .withMessage("a.yaml:4: a.b: this key stands twice");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/list/1, a.yaml:5: a.list.1: wrong",
        "/a/list/1/x, a.yaml:5: a.list.1.x: wrong",
        "/z, a.yaml:1: z: wrong",
        "'', a.yaml:1: wrong"
    })
    void pointsAtTheLineOfAValueOrOfWhatHoldsIt(String pointer, String message) {
        var document = new YamlDocument("a.yaml", "a:\n  b: 1\n  list:\n    - x\n    - y\n");

        assertThat(document.error(pointer, "wrong")).hasMessage(message);
    }

    @Test
    void refusesWhatBlowsASmallFileUp() {
        String bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new YamlDocument("a.yaml", bomb))
                .withMessageStartingWith("a.yaml: only plain keys and no aliases are read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!%0", "a: !%0a x", "{!%0"})
    void aTagThatIsNoneIsRefusedInWords(String text) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new YamlDocument("a.yaml", text))
                .withMessageStartingWith("a.yaml:");
    }

    @Property
    void anyTextIsReadOrRefusedInWords(
            @ForAll
                    @Chars({
                        'a', ':', ' ', '\n', '-', '[', '{', '&', '*', '?', '!', '"', '\'', '|', '%', '\t', '0', '.',
                        '~', '\u0000', '<'
                    })
                    String text) {
        try {
            assertThat(new YamlDocument("a.yaml", text).json()).isNotNull();
        } catch (ConfigurationException e) {
            assertThat(e).hasMessageStartingWith("a.yaml:");
        }
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
