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

        asked.read("text", text -> true);
        asked.read("sort", text -> true);
        asked.readCursor(text -> true);

        assertThat(asked.getStart()).isEqualTo("/console/grants?text=a%26b%3D%22%E5%BC%A0&sort=subject");
        assertThat(asked.getFirst()).isEqualTo(asked.getStart());
        asked.setNext("8");
        assertThat(asked.getNext()).isEqualTo(asked.getStart() + "&after=8");
    }

    @Test
    void aValueThatIsNotSoundIsIgnoredAndNamed() {
        ListAddress asked = asked(Map.of("status", "nope", "text", "\u0000", "after", "x"));

        assertThat(asked.read("status", "active"::equals)).isEmpty();
        assertThat(asked.read("text", text -> true)).isEmpty();
        assertThat(asked.read("sort", text -> true)).isEmpty();
        assertThat(asked.readCursor(text -> false)).isEmpty();

        assertThat(asked.getIgnored()).isEqualTo("status, text, after");
        assertThat(asked.getStart()).isEqualTo("/console/grants");
        assertThat(asked.getFirst()).isEmpty();
        assertThat(asked.getNext()).isEmpty();
    }

    private static ListAddress asked(Map<String, String> parameters) {
        return new ListAddress(parameters, "/console/grants");
    }
}
