package dev.grantbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.grantbook.platform.json.YamlDocument;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of code, tables, documents and texts: the field's terms, each for one thing. */
@AnalyzeClasses(packages = "dev.grantbook", importOptions = ImportOption.DoNotIncludeTests.class)
class NamesTest {

    /** Words that say less than the field's terms. */
    private static final Set<String> UNWANTED = Set.of(
            "trip",
            "visit",
            "told",
            "whose",
            "happened",
            "leftovers",
            "redemption",
            "holding",
            "holdings",
            "place",
            "errand",
            "courier",
            "desk");

    /** Participles that do not end in {@code ed}. */
    private static final Set<String> PARTICIPLES = Set.of(
            "begun", "brought", "found", "given", "held", "kept", "known", "left", "lost", "made", "seen", "sent",
            "shown", "taken", "told", "written");

    @ArchTest
    static void noTwoTypesShareASimpleName(JavaClasses classes) {
        Map<String, List<String>> byName = classes.stream()
                .filter(type ->
                        !type.isAnonymousClass() && !type.getSimpleName().isEmpty())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList())));

        assertThat(byName.values())
                .hasSizeGreaterThan(300)
                .allSatisfy(types -> assertThat(types).hasSize(1));
    }

    @ArchTest
    static void oneWordForOneThing(JavaClasses classes) {
        assertThat(classes.stream()
                        .flatMap(type -> Stream.concat(
                                Stream.of(type.getSimpleName()),
                                type.getMembers().stream()
                                        .filter(NamesTest::isOurs)
                                        .map(member -> type.getSimpleName() + "." + member.getName())))
                        .filter(NamesTest::isUnwanted))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"db/migration", "sandbox/migration"})
    void tablesAndColumnsHaveTheSameWords(String migration) throws IOException {
        String sql = text(migration + "/V1__schema.sql").replaceAll("--.*|'[^']*'", "");

        assertThat(Pattern.compile("\\w+").matcher(sql).results().map(MatchResult::group))
                .hasSizeGreaterThan(50)
                .noneMatch(NamesTest::isUnwanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"META-INF/openapi.yaml", "catalogue/provider.schema.json", "catalogue/connectors.schema.json"})
    void documentsHaveTheSameWords(String document) throws IOException {
        assertThat(names(new YamlDocument(document, text(document)).json()))
                .hasSizeGreaterThan(20)
                .noneMatch(NamesTest::isUnwanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"console", "conversation", "sandbox", "texts"})
    void keysOfTextsHaveTheSameWords(String bundle) throws IOException {
        var texts = new Properties();
        texts.load(new StringReader(text("dev/grantbook/" + bundle + "/messages.properties")));

        assertThat(texts.stringPropertyNames()).isNotEmpty().noneMatch(NamesTest::isUnwanted);
    }

    private static String text(String resource) throws IOException {
        return Files.readString(Path.of("src/main/resources", resource));
    }

    /** Members, and the values that an enumeration has. */
    private static Stream<String> names(JsonValue value) {
        if (value instanceof JsonArray list) {
            return list.stream().flatMap(NamesTest::names);
        }
        if (!(value instanceof JsonObject object)) {
            return Stream.empty();
        }
        return object.entrySet().stream()
                .flatMap(member -> Stream.concat(
                        member.getKey().equals("enum") && member.getValue() instanceof JsonArray values
                                ? values.stream().map(JsonValue::toString)
                                : Stream.of(member.getKey()),
                        names(member.getValue())));
    }

    /** RFC 8693 has the name. */
    @ArchTest
    static void nothingIsCalledTokenExchange(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getSimpleName)).doesNotContain("TokenExchange");
    }

    @ArchTest
    static void methodsAreVerbs(JavaClasses classes) {
        assertThat(classes.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(NamesTest::isOurs)
                        .filter(method -> !isAccessor(method))
                        .filter(method ->
                                isParticiple(words(method.getName()).findFirst().orElse("")))
                        .map(method -> method.getOwner().getSimpleName() + "." + method.getName()))
                .isEmpty();
    }

    private static boolean isParticiple(String word) {
        return PARTICIPLES.contains(word)
                || (word.endsWith("ed")
                        && !Set.of("associated", "embed", "feed", "heed", "need", "proceed", "speed")
                                .contains(word));
    }

    /** A value that a record or an entity has: nothing is done. */
    private static boolean isAccessor(JavaMethod method) {
        return method.getRawParameterTypes().isEmpty()
                && !method.getRawReturnType().isEquivalentTo(void.class)
                && !method.getModifiers().contains(JavaModifier.PRIVATE);
    }

    /** What the compiler adds has names of its own, and constructors those of their types. */
    private static boolean isOurs(JavaMember member) {
        return !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !member.getName().startsWith("<")
                && !member.getName().contains("$");
    }

    private static boolean isUnwanted(String name) {
        return words(name).anyMatch(UNWANTED::contains);
    }

    private static Stream<String> words(String name) {
        return Arrays.stream(name.split("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]", -1))
                .map(word -> word.toLowerCase(Locale.ROOT));
    }
}
