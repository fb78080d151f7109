package dev.grantbook.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptHeaderTest {

    private static final List<String> OFFERED = List.of("application/yaml", "application/json", "text/html");

    @ParameterizedTest
    @DisplayName("3.1 The format that a client prefers is chosen, and the first where it names none")
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                                            | application/yaml",
                "application/json                                               | application/json",
                "Application/JSON; charset=utf-8                                | application/json",
                "application/yaml;q=0.5, application/json                       | application/json",
                "application/yaml;q=0, */*;q=0.1                                | application/json",
                "application/*                                                  | application/yaml",
                "text/*, application/json;q=0.9                                 | text/html",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/html",
                "text/html;q=0.1, image/gif, *; q=.2, */*; q=.2                 | application/yaml",
                "application/xml                                                | application/yaml",
                "*/*;q=9                                                        | application/yaml",
                "application/json;q=nonsense                                    | application/json",
                "'  ,,;q=, /'                                                   | application/yaml"
            })
    void theFormatThatIsPreferredIsChosen(String header, String chosen) {
        assertThat(AcceptHeader.choose(header, OFFERED)).isEqualTo(chosen);
    }

    @Test
    void withoutAHeaderTheFirstIsChosen() {
        assertThat(AcceptHeader.choose(null, OFFERED)).isEqualTo("application/yaml");
    }
}
