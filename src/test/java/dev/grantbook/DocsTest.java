package dev.grantbook;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators and bots' developers read is what the code does. */
class DocsTest {

    private static final Path OPEN_API = Path.of("src/main/resources/META-INF/openapi.yaml");

    /** Somebody would take it over, and a key that can be read in the documentation would open the API. */
    @Test
    void noPageShowsAHashThatAKeyCouldHave() {
        assertThat(text(Path.of("docs"), ".md") + text(Path.of("README.md"), ".md"))
                .contains("sha256sum")
                .doesNotContainPattern("\\b[0-9a-f]{64}\\b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/observability.md", "src/main/resources/META-INF/openapi.yaml"})
    void everyMetricHasItsLineInTheTable(Path page) {
        var counted = new TreeSet<String>();
        var ends = Map.of("count", "_total", "time", "_seconds", "gauge", "", "level", "");
        Pattern.compile("Meters\\.(count|time|gauge|level)\\(\\s*\"([a-z.]+)\"")
                .matcher(text(Path.of("src/main/java"), ".java"))
                .results()
                .forEach(call -> counted.add("grantbook_" + call.group(2).replace('.', '_') + ends.get(call.group(1))));

        assertThat(firstColumn(page, "grantbook_[a-z_]+"))
                .contains("grantbook_attempts_total")
                .isEqualTo(counted);
    }

    @Test
    @DisplayName("3.6 Every metric says what it counts")
    void everyMetricHasItsDescription() {
        Set<String> described = literals(
                "src/main/java/dev/grantbook/platform/observability/Meters.java", "Map\\.entry\\(\\s*\"([a-z.]+)\",");

        assertThat(described)
                .contains("attempts.started")
                .isEqualTo(literals("src/main/java", "Meters\\.(?:count|time|gauge|level)\\(\\s*\"([a-z.]+)\""));
    }

    @Test
    void everyMessageToABotHasItsLineInTheTable() {
        assertThat(firstColumn(Path.of("docs/deliveries.md"), "(?:grant|invitation)\\.[a-z_]+"))
                .contains("grant.created", "invitation.denied")
                .isEqualTo(literals("src/main/java/dev/grantbook/delivery", "\"((?:grant|invitation)\\.[a-z_]+)\""));
    }

    /** Programs tell problems apart by their types, and so must know which there are. */
    @Test
    void everyTypeOfProblemHasItsLineInTheTable() {
        Set<String> said = literals("src/main/java", "(?:Problem\\s*\\.|-> )of\\(\\s*\\w+,\\s*\"([a-z-]+)\"");
        said.addAll(literals("src/main/java", "Problem\\.field\\(\\s*\"([a-z-]+)\",\\s*\"[a-z_]+\","));
        said.addAll(literals("src/main/java/dev/grantbook/notice", "throw reject\\(\"([a-z-]+)\""));

        assertThat(firstColumn(OPEN_API, "[a-z-]+(?=` \\| [45][0-9]{2} \\|)"))
                .contains("internal", "invalid-request", "code-wrong", "stale-request")
                .isEqualTo(said);
    }

    /** The first group of each place in a source that has the form. */
    private static Set<String> literals(String root, String form) {
        return Pattern.compile(form)
                .matcher(text(Path.of(root), ".java"))
                .results()
                .map(found -> found.group(1))
                .collect(toCollection(TreeSet::new));
    }

    /** What stands at the beginnings of a table's lines. */
    private static Set<String> firstColumn(Path page, String form) {
        var names = new TreeSet<String>();
        Pattern.compile("^ *\\| `(" + form + ")` \\|", Pattern.MULTILINE)
                .matcher(text(page, ""))
                .results()
                .forEach(line -> names.add(line.group(1)));
        return names;
    }

    private static String text(Path root, String ending) {
        var all = new StringBuilder();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(ending))
                    .sorted()
                    .toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }
}
