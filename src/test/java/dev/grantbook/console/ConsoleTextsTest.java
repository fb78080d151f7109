package dev.grantbook.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.grantbook.administrator.AuditEvent;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read in the console and about permissions: complete, in one language of words, and never in a script. */
class ConsoleTextsTest {

    private static final Path RESOURCES = Path.of("src/main/resources");

    /** Called to show a page, not to change anything. */
    private static final Set<String> SHOWING = Set.of("check", "load", "enter");

    @Test
    void bothLanguagesSayTheSame() throws IOException {
        assertThat(keys("_zh")).isEqualTo(keys(""));
    }

    @ParameterizedTest
    @EnumSource
    void everyLineOfTheAuditHasWords(AuditEvent.AuditEventKind kind) throws IOException {
        assertThat(keys(""))
                .contains("audit." + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Test
    @DisplayName("5.4 Whatever an administrator changes is in the audit")
    void everyChangeIsInTheAudit() {
        JavaClasses console = new ClassFileImporter().importPackages("dev.grantbook.console");
        List<JavaMethod> actions = console.stream()
                .filter(type -> type.getSimpleName().endsWith("Backing"))
                .filter(type ->
                        !type.isEquivalentTo(AdministratorSession.class) && !type.isEquivalentTo(TextsBacking.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC)
                        && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && method.getRawReturnType().isEquivalentTo(void.class)
                        && !method.getName().startsWith("set")
                        && !SHOWING.contains(method.getName()))
                .toList();

        assertThat(actions).hasSizeGreaterThan(10);
        assertThat(actions)
                .allSatisfy(action -> assertThat(reaches(action, "record"))
                        .as("%s writes to the audit", action.getFullName())
                        .isTrue());
    }

    /** By way of methods of the console only. */
    private static boolean reaches(JavaMethod from, String name) {
        var next = new ArrayDeque<>(List.of(from));
        var seen = new HashSet<JavaMethod>();
        while (!next.isEmpty()) {
            JavaMethod method = next.pop();
            if (method.getName().equals(name) && method.getOwner().isEquivalentTo(AdministratorSession.class)) {
                return true;
            }
            if (seen.add(method)) {
                method.getMethodCallsFromSelf().stream()
                        .map(JavaAccess::getTarget)
                        .flatMap(target -> target.resolveMember().stream())
                        .filter(member -> member.getOwner().getPackageName().startsWith("dev.grantbook.console"))
                        .filter(JavaMethod.class::isInstance)
                        .map(JavaMethod.class::cast)
                        .forEach(next::add);
            }
        }
        return false;
    }

    @ParameterizedTest
    @MethodSource("english")
    @DisplayName("1.6 Sentences about permissions name the bot")
    void sentencesNameTheBot(String text) {
        assertThat(text).doesNotContainPattern("(^|[.,] )It\\b").doesNotContain("by that", "for ever");
    }

    static List<String> english() throws IOException {
        return catalogue().stream()
                .flatMap(ConsoleTextsTest::lines)
                .filter(line -> line.strip().startsWith("en: "))
                .map(line -> line.strip().substring("en: ".length()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"账号", "帐户", "服务提供方", "电子邮件地址", "电子邮箱", "您", "该应用"})
    @DisplayName("1.6 Chinese has one word for one thing: 账户, 平台, 邮箱地址, 你, 机器人")
    void chineseHasOneWordForOneThing(String other) throws IOException {
        List<Path> texts = new ArrayList<>(catalogue());
        for (String room : List.of("console", "texts", "conversation")) {
            texts.add(RESOURCES.resolve("dev/grantbook/" + room + "/messages_zh.properties"));
        }
        assertThat(texts.stream()
                        .flatMap(ConsoleTextsTest::lines)
                        // A path through a provider's settings is in that provider's own words.
                        .filter(line -> !line.startsWith("#") && !line.contains(" > "))
                        .filter(line -> line.contains(other)))
                .isEmpty();
    }

    private static List<Path> catalogue() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve("catalogue"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    @Test
    @DisplayName("4.10 No page has a script with a text in it")
    void noScriptHoldsText() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/webapp"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".xhtml")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .doesNotContainPattern("<script[^>]*(?<!/)>\\s*[^\\s<]")
                            .doesNotContainPattern("<(h:outputScript|h:commandScript|f:ajax|p:)")
                            .doesNotContainPattern("\\son[a-z]+=\""));
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Object> keys(String language) throws IOException {
        var bundle = new Properties();
        try (Reader reader = Files.newBufferedReader(
                RESOURCES.resolve("dev/grantbook/console/messages" + language + ".properties"),
                StandardCharsets.UTF_8)) {
            bundle.load(reader);
        }
        return new TreeSet<>(bundle.keySet());
    }
}
