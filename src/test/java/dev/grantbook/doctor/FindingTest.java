package dev.grantbook.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a doctor says, in both languages. */
class FindingTest {

    private static final Path TEXTS = Path.of("src/main/resources/dev/grantbook/doctor");

    /** A finding, as far as the next one or the end of the statement. */
    private static final Pattern FINDING =
            Pattern.compile("Finding\\s*\\.(?:fine|warning|fault)\\([^,]*,((?:(?!Finding\\.)[^;])*)");

    /** Keys of texts, behind the key of the declaration. */
    private static final Pattern TEXT = Pattern.compile("\"([a-z.]+)\"");

    @Test
    void eachFindingHasWordsInBothLanguagesAndNoWordsAreLeftOver() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/grantbook/doctor/Doctor.java"));
        Set<String> used = FINDING.matcher(source)
                .results()
                .flatMap(finding -> TEXT.matcher(finding.group(1)).results())
                .map(text -> text.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(words("messages.properties")).isEqualTo(used);
        assertThat(words("messages_zh.properties")).isEqualTo(used);
    }

    private static Set<String> words(String file) throws IOException {
        var words = new Properties();
        try (var reader = Files.newBufferedReader(TEXTS.resolve(file))) {
            words.load(reader);
        }
        return new TreeSet<>(words.stringPropertyNames());
    }

    @Test
    void valuesAreFilledIn() {
        var finding = new Finding(Finding.Severity.FAULT, "client-secret", "client.unknown", List.of("Mixin", "401"));

        assertThat(finding.describe(Locale.ENGLISH))
                .startsWith("Mixin does not take the client's authentication: 401.");
        assertThat(finding.describe(Locale.CHINESE)).startsWith("Mixin 不接受");
    }
}
