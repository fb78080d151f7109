package dev.grantbook.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How settings are found on a server without MicroProfile Config: by the rules of that specification. */
class SettingSourcesTest {

    @ParameterizedTest
    @ValueSource(strings = {"grantbook.public-url", "grantbook_public_url", "GRANTBOOK_PUBLIC_URL"})
    void aVariableOfTheEnvironmentHasOneOfThreeNames(String variable) {
        assertThat(find(Map.of(), Map.of(variable, "https://x"))).contains("https://x");
    }

    @Test
    void aSystemPropertyComesFirst() {
        assertThat(find(Map.of("grantbook.public-url", "https://a"), Map.of("GRANTBOOK_PUBLIC_URL", "https://b")))
                .contains("https://a");
    }

    @Test
    void anEmptyValueIsNone() {
        assertThat(find(Map.of("grantbook.public-url", ""), Map.of("GRANTBOOK_PUBLIC_URL", "https://b")))
                .isEmpty();
    }

    private static Optional<String> find(Map<String, String> properties, Map<String, String> environment) {
        return SettingSources.find("grantbook.public-url", properties::get, environment::get);
    }
}
