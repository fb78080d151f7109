package dev.grantbook.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs every test of a class on PostgreSQL, and again on H2 where the two may differ: in locks, claims, cursors,
 * constraints and types. The class has a {@code @Parameter Database database}, and beans injected that work with it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Beans.class)
@ParameterizedClass(name = "{0}")
@ArgumentsSource(OnDatabases.Databases.class)
public @interface OnDatabases {

    /** Whether what is tested depends on the dialect. */
    boolean h2() default true;

    /** Starts a database when its turn comes. */
    final class Databases implements ArgumentsProvider, AnnotationConsumer<OnDatabases> {

        private boolean h2;

        @Override
        public void accept(OnDatabases annotation) {
            h2 = annotation.h2();
        }

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            Stream<Supplier<Database>> databases =
                    h2 ? Stream.of(Database::postgreSql, Database::h2) : Stream.of(Database::postgreSql);
            return databases.map(Supplier::get).map(Arguments::of);
        }
    }
}
