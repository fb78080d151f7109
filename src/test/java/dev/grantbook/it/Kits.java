package dev.grantbook.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Client kits and tools that nobody here wrote, from npm, each version pinned by a lock file; {@code src/test/kits}
 * uses them.
 */
final class Kits {

    private static final Path SOURCE = Path.of("src/test/kits");
    private static final Path FOLDER = Path.of("target/kits");

    /** npm writes it last. */
    private static final Path INSTALLED = FOLDER.resolve("node_modules/.package-lock.json");

    private static final String LOCK = "package-lock.json";

    private Kits() {}

    /**
     * Starts a script with the kits that it needs.
     *
     * @param script its name and arguments
     */
    static Program start(List<String> script, Map<String, String> environment)
            throws IOException, InterruptedException {
        install();
        return Program.start(NodeJs.node(script.toArray(String[]::new)), FOLDER, environment);
    }

    /** Once for each lock file: what is there already is not fetched again. */
    private static void install() throws IOException, InterruptedException {
        boolean there = Files.exists(INSTALLED) && Files.mismatch(SOURCE.resolve(LOCK), FOLDER.resolve(LOCK)) < 0;
        if (!there) {
            Files.deleteIfExists(INSTALLED);
        }
        Files.createDirectories(FOLDER);
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.toList()) {
                Files.write(FOLDER.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        if (!there) {
            // No script of a package runs, and a registry that does not answer is given up after three tries.
            Program.run(
                    NodeJs.npm(
                            "ci",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund",
                            "--fetch-retries=2",
                            "--fetch-timeout=60000"),
                    FOLDER);
        }
    }
}
