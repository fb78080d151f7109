package dev.grantbook.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ListAddressTest {

    @Test
    void emptyValuesAreLeftOut() {
        assertThat(ListAddress.address("/console/grants", Map.of("text", ""))).isEqualTo("/console/grants");
    }

    @Test
    void valuesAreEscaped() {
        ListAddress asked = asked(Map.of("text", " a&b=\"张 ", "sort", "subject", "after", "7"));

        asked.parameter("text", text -> true);
        asked.parameter("sort", text -> true);
        asked.cursor(text -> true);

        assertThat(asked.start()).isEqualTo("/console/grants?text=a%26b%3D%22%E5%BC%A0&sort=subject");
        assertThat(asked.first()).isEqualTo(asked.start());
        assertThat(asked.page("8")).isEqualTo(asked.start() + "&after=8");
    }

    @Test
    void aValueThatIsNotSoundIsIgnoredAndNamed() {
        ListAddress asked = asked(Map.of("status", "nope", "text", "\u0000", "after", "x"));

        assertThat(asked.parameter("status", "active"::equals)).isEmpty();
        assertThat(asked.parameter("text", text -> true)).isEmpty();
        assertThat(asked.parameter("sort", text -> true)).isEmpty();
        assertThat(asked.cursor(text -> false)).isEmpty();

        assertThat(asked.ignored()).isEqualTo("status, text, after");
        assertThat(asked.start()).isEqualTo("/console/grants");
        assertThat(asked.first()).isEmpty();
        assertThat(asked.page(null)).isEmpty();
    }

    private static ListAddress asked(Map<String, String> parameters) {
        return new ListAddress(parameters, "/console/grants");
    }
}
