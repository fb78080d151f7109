package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.SelectClasses;

/** {@code ./mvnw verify} runs suites, so that a class in none of them would never run. */
class SuitesTest {

    @Test
    void everyServerTestIsInOneSuite() {
        var classes = new ClassFileImporter().importPackages("dev.grantbook.it");

        assertThat(classes.stream()
                        .filter(type -> type.isAnnotatedWith(SelectClasses.class))
                        .flatMap(suite -> Stream.of(
                                suite.getAnnotationOfType(SelectClasses.class).value()))
                        .map(Class::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(classes.stream()
                        .filter(type -> type.getSimpleName().endsWith("IT"))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .toList());
    }
}
