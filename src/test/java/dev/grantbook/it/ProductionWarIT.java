package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is in the WAR that is deployed. */
class ProductionWarIT {

    @Test
    void allButTheSandboxIsInIt() throws IOException {
        List<String> demo = entries("it.war");

        assertThat(demo).anyMatch(ProductionWarIT::isOfTheSandbox);
        assertThat(entries("it.production.war"))
                .containsExactlyInAnyOrderElementsOf(
                        demo.stream().filter(name -> !isOfTheSandbox(name)).toList());
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
