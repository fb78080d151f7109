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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words of the code: the field's terms, each for one thing. */
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

    /** What stored histories and bots know by these words keeps them. */
    private static final Set<String> PUBLISHED =
            Set.of("GrantEventKind.PROVIDER_TOLD", "GrantEventKind.PROVIDER_NOT_TOLD");

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
                        .filter(name -> !PUBLISHED.contains(name))
                        .filter(name -> words(name).anyMatch(UNWANTED::contains)))
                .isEmpty();
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

    private static Stream<String> words(String name) {
        return Arrays.stream(name.split("(?<=[a-z0-9])(?=[A-Z])|[._]", -1)).map(word -> word.toLowerCase(Locale.ROOT));
    }
}
