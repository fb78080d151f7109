package dev.grantbook.platform.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an operator set. A server with MicroProfile Config is asked, with all the sources that it offers. On any
 * other, system properties come before environment variables, spelled as MicroProfile Config spells them.
 */
final class SettingSources {

    private static final Logger LOG = Logger.getLogger(SettingSources.class.getName());

    /** What the name of an environment variable cannot have. */
    private static final Pattern NO_VARIABLE = Pattern.compile("[^A-Za-z0-9_]");

    private SettingSources() {}

    static Function<String, Optional<String>> open() {
        try {
            return MicroProfile.open();
        } catch (NoClassDefFoundError | IllegalStateException absent) {
            LOG.log(Level.FINE, "this server has no MicroProfile Config", absent);
            return name -> find(name, System::getProperty, System::getenv);
        }
    }

    static Optional<String> find(
            String name,
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment) {
        String plain = NO_VARIABLE.matcher(name).replaceAll("_");
        return Stream.concat(
                        Stream.ofNullable(properties.apply(name)),
                        Stream.of(name, plain, plain.toUpperCase(Locale.ROOT))
                                .flatMap(variable -> Stream.ofNullable(environment.apply(variable))))
                .findFirst()
                .filter(value -> !value.isEmpty());
    }

    /** A class of its own, which links only where the server has the API. */
    private static final class MicroProfile {

        /** Names our own class loader: a connection pool's thread has no context class loader. */
        static Function<String, Optional<String>> open() {
            Config config = ConfigProvider.getConfig(SettingSources.class.getClassLoader());
            return name -> config.getOptionalValue(name, String.class);
        }
    }
}
