package dev.grantbook.portability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK of this machine that servers run on. */
record Jdk(Path home, int feature) {

    private static final int OLDEST = 17;
    private static final Path USUAL_PLACE = Path.of("/usr/lib/jvm");

    /** Those that {@code grantbook.portability.jdks} names; otherwise the oldest from 17 on, and the newest. */
    static List<Jdk> chosen() throws IOException {
        List<String> homes = Words.of("grantbook.portability.jdks");
        if (!homes.isEmpty()) {
            return homes.stream()
                    .map(Path::of)
                    .map(Jdk::at)
                    .flatMap(Optional::stream)
                    .toList();
        }
        List<Jdk> found = all();
        Jdk oldest = found.get(0);
        Jdk newest = found.get(found.size() - 1);
        return oldest.feature == newest.feature ? List.of(oldest) : List.of(oldest, newest);
    }

    private static List<Jdk> all() throws IOException {
        Path own = Path.of(System.getProperty("java.home"));
        try (Stream<Path> usual = Files.exists(USUAL_PLACE) ? Files.list(USUAL_PLACE) : Stream.empty()) {
            return Stream.concat(Stream.of(own), usual)
                    .map(Jdk::at)
                    .flatMap(Optional::stream)
                    .filter(jdk -> jdk.feature >= OLDEST)
                    .sorted(Comparator.comparingInt(Jdk::feature))
                    .toList();
        }
    }

    /** Reads the file that each JDK has, {@code JAVA_VERSION="17.0.15"}. */
    private static Optional<Jdk> at(Path home) {
        Path release = home.resolve("release");
        if (!Files.exists(release)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try (var text = Files.newBufferedReader(release)) {
            properties.load(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        return Optional.of(new Jdk(home, Runtime.Version.parse(version).feature()));
    }
}
