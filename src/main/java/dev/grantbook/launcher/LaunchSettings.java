package dev.grantbook.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings of a file that system properties and the environment override, and where the server listens. */
final class LaunchSettings {

    private final Properties file = new Properties();
    private final Map<String, String> environment;

    /**
     * @param file a properties file in UTF-8, which may be absent
     * @throws IllegalArgumentException if it cannot be read
     */
    LaunchSettings(Path file, Map<String, String> environment) {
        this.environment = environment;
        this.file.setProperty("grantbook.address", "127.0.0.1");
        this.file.setProperty("grantbook.port", "8080");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
                this.file.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(file + " cannot be read: " + e, e);
            }
        }
    }

    /**
     * Makes them system properties, which the server and MicroProfile Config read.
     *
     * @throws IllegalArgumentException if the server could not listen
     */
    void apply() {
        String port = get("grantbook.port");
        if (!port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("grantbook.port: must be a number from 1 to 65535");
        }
        file.stringPropertyNames().forEach(name -> System.setProperty(name, get(name)));
    }

    /** As MicroProfile Config looks a setting up, with the file last. */
    private String get(String name) {
        String underscores = name.replaceAll("[^A-Za-z0-9]", "_");
        return Stream.of(
                        System.getProperty(name),
                        environment.get(name),
                        environment.get(underscores),
                        environment.get(underscores.toUpperCase(Locale.ROOT)))
                .filter(LaunchSettings::isThere)
                .findFirst()
                .orElseGet(() -> file.getProperty(name));
    }

    private static boolean isThere(@Nullable String value) {
        return value != null && !value.isEmpty();
    }
}
