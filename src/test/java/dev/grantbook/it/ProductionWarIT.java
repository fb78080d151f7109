package dev.grantbook.it;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is in the WAR that is deployed. */
class ProductionWarIT {

    private static final Set<String> ALLOWED =
            Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MPL-2.0");

    @Test
    void allButTheSandboxIsInIt() throws IOException {
        List<String> demo = entries("it.war");

        assertThat(demo).anyMatch(ProductionWarIT::isOfTheSandbox);
        assertThat(entries("it.production.war"))
                .containsExactlyInAnyOrderElementsOf(
                        demo.stream().filter(name -> !isOfTheSandbox(name)).toList());
    }

    @Test
    void everyLibraryHasALicenceThatIsAllowed() throws IOException {
        Map<String, String> licences = Pattern.compile("(?m)^\\| `([^`]+)` \\| (.+?) \\|")
                .matcher(Files.readString(Path.of("docs/licences.md")))
                .results()
                .collect(toMap(row -> row.group(1), row -> row.group(2)));

        assertThat(entries("it.production.war").stream()
                        .filter(name -> name.startsWith("WEB-INF/lib/") && name.endsWith(".jar"))
                        .map(name -> name.replaceFirst(".*/", "").replaceFirst("-[0-9][^-]*\\.jar$", "")))
                .as("what docs/licences.md lists")
                .containsExactlyInAnyOrderElementsOf(licences.keySet());
        assertThat(licences.values())
                .allSatisfy(either -> assertThat(either.split(" or ", -1)).containsAnyElementsOf(ALLOWED));
    }

    private static List<String> entries(String war) throws IOException {
        try (var file = new ZipFile(Deployments.property(war))) {
            return file.stream().map(ZipEntry::getName).toList();
        }
    }

    private static boolean isOfTheSandbox(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("sandbox/") || lower.contains("web-chat");
    }
}
