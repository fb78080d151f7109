package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.invitation.Explanation;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages' texts are all there, in both languages, and can be filled in. */
class PagesTest {

    static Stream<Properties> bundles() {
        return Stream.of(bundle(""), bundle("_zh"));
    }

    @Test
    void bothLanguagesSayTheSame() {
        assertThat(keys(bundle("_zh"))).isEqualTo(keys(bundle("")));
    }

    @ParameterizedTest
    @EnumSource
    void everyEndingHasWords(OutcomeEnding ending) {
        assertThat(keys(bundle("")))
                .contains("outcome." + ending.word() + ".title", "outcome." + ending.word() + ".text");
    }

    @ParameterizedTest
    @EnumSource
    void everyMarkHasAWord(Explanation.Mark mark) {
        if (mark != Explanation.Mark.ASKED) {
            assertThat(keys(bundle(""))).contains("features." + mark.word());
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void everySentenceCanBeFilledIn(Properties bundle) {
        bundle.forEach((key, text) -> {
            assertThat((String) text)
                    .as("MessageFormat eats apostrophes: %s", key)
                    .doesNotContain("'");
            String said =
                    new MessageFormat((String) text, Locale.ENGLISH).format(new Object[] {7, "Mixin Messenger", 3});
            assertThat(said).as("%s", key).isNotBlank().doesNotContain("{");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect.minutes", "outcome.pause", "outcome.code.minutes"})
    void oneMinuteIsNotSeveral(String key) {
        var format = new MessageFormat(bundle("").getProperty(key), Locale.ENGLISH);
        assertThat(format.format(new Object[] {1L})).contains("minute").doesNotContain("minutes");
        assertThat(format.format(new Object[] {2L})).contains("2", "minutes");
    }

    private static Set<Object> keys(Properties bundle) {
        return new TreeSet<>(bundle.keySet());
    }

    private static Properties bundle(String language) {
        String name = "/dev/grantbook/texts/messages" + language + ".properties";
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(PagesTest.class.getResourceAsStream(name), name), StandardCharsets.UTF_8)) {
            var bundle = new Properties();
            bundle.load(reader);
            return bundle;
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
