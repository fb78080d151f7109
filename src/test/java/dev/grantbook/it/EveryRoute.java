package dev.grantbook.it;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses that we serve: those of all resources, found by themselves, and those of the pages. */
final class EveryRoute {

    private static final List<String> OTHERS = List.of(
            "/",
            "/connect/x",
            "/outcome/x",
            "/linked/x",
            "/channels/facebook/x",
            "/permissions",
            "/notices/deletions/" + "0".repeat(64),
            "/sign-in",
            "/console/grants/x",
            "/health",
            "/health/ready",
            "/metrics",
            "/assets/grantbook.css",
            "/error",
            "/nothing");

    private EveryRoute() {}

    static List<String> all() {
        var all = new TreeSet<>(OTHERS);
        all.addAll(console());
        for (JavaClass one : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.grantbook")) {
            if (one.isAnnotatedWith(ApplicationPath.class)) {
                all.addAll(resources(one.reflect()));
            }
        }
        return List.copyOf(all);
    }

    /** The pages of the console that have an address of their own. */
    static List<String> console() {
        try (Stream<java.nio.file.Path> files = Files.list(java.nio.file.Path.of("src/main/webapp/console"))) {
            return files.map(file -> file.getFileName().toString().replace(".xhtml", ""))
                    .map(view -> view.equals("index") ? "/console" : "/console/" + view)
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> resources(Class<?> type) {
        try {
            Application application =
                    (Application) type.getDeclaredConstructor().newInstance();
            String root = "/" + type.getAnnotation(ApplicationPath.class).value();
            var found = new ArrayList<String>();
            for (Class<?> resource : application.getClasses()) {
                Path path = resource.getAnnotation(Path.class);
                if (path != null) {
                    found.add(address(root, path.value(), ""));
                    for (Method method : resource.getDeclaredMethods()) {
                        Optional.ofNullable(method.getAnnotation(Path.class))
                                .ifPresent(more -> found.add(address(root, path.value(), more.value())));
                    }
                }
            }
            return found;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    private static String address(String root, String path, String more) {
        return (root + "/" + path + "/" + more)
                .replaceAll("\\{[^{}]*(\\{[^{}]*}[^{}]*)*}", "x")
                .replaceAll("/+", "/")
                .replaceFirst("(?<=.)/$", "");
    }
}
