package dev.grantbook.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchSettingsTest {

    @TempDir
    private Path folder;

    private final Properties before = new Properties();

    @BeforeEach
    void keepSystemProperties() {
        before.putAll(System.getProperties());
    }

    @AfterEach
    void restoreSystemProperties() {
        System.setProperties(before);
    }

    @Test
    void withoutAFileTheServerListensOnThisMachineOnly() throws IOException {
        apply("", Map.of());

        assertThat(System.getProperty("grantbook.address")).isEqualTo("127.0.0.1");
        assertThat(System.getProperty("grantbook.port")).isEqualTo("8080");
    }

    @Test
    void systemPropertiesOverrideTheEnvironmentAndThatTheFile() throws IOException {
        System.setProperty("grantbook.public-url", "https://of.the/command");

        apply(
                """
                grantbook.public-url = https://of.the/file
                grantbook.data = /of/the/file
                grantbook.port = 8081
                grantbook.address =
                """,
                Map.of("GRANTBOOK_PUBLIC_URL", "https://of.the/environment", "GRANTBOOK_DATA", "/of/the/environment"));

        assertThat(System.getProperty("grantbook.public-url")).isEqualTo("https://of.the/command");
        assertThat(System.getProperty("grantbook.data")).isEqualTo("/of/the/environment");
        assertThat(System.getProperty("grantbook.port")).isEqualTo("8081");
    }

    @Test
    void theEnvironmentMaySayWhereToListen() throws IOException {
        apply("", Map.of("GRANTBOOK_ADDRESS", "0.0.0.0", "grantbook_port", "8082"));

        assertThat(System.getProperty("grantbook.address")).isEqualTo("0.0.0.0");
        assertThat(System.getProperty("grantbook.port")).isEqualTo("8082");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "http", "80 80"})
    void aPortThatIsNoneIsRefused(String port) {
        assertThatThrownBy(() -> apply("", Map.of("GRANTBOOK_PORT", port)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("grantbook.port: must be a number from 1 to 65535");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> new LaunchSettings(folder, Map.of()).apply())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder + " cannot be read");
        assertThatThrownBy(() -> apply("grantbook.database.password=secret\\u12", Map.of()))
                .hasMessageContaining("grantbook.properties cannot be read")
                .hasMessageNotContaining("secret");
    }

    private void apply(String text, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("grantbook.properties"), text);
        new LaunchSettings(file, environment).apply();
    }
}
