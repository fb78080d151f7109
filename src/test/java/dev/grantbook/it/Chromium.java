package dev.grantbook.it;

import static java.util.Objects.requireNonNullElse;
import static java.util.concurrent.TimeUnit.MINUTES;

import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Comes by a browser, so that {@code ./mvnw verify} needs nothing installed by hand. In this order: the one named by
 * the system property {@code grantbook.chromium} or the variable {@code GRANTBOOK_CHROMIUM}, one on the PATH, the
 * system's package (root on Debian and its kin), and last Playwright's own download.
 *
 * @param named what the property or the variable says, null when neither is set
 * @param path the folders of the PATH
 * @param root whether packages may be installed
 */
record Chromium(@Nullable String named, List<Path> path, boolean root) {

    /** For Playwright: it would fetch three browsers whenever it starts. */
    static final Map<String, String> NO_DOWNLOAD = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private static final int MINUTES_TO_INSTALL = 10;

    /**
     * An executable browser.
     *
     * @throws IllegalStateException when there is none and none could be installed
     */
    static Path find() throws IOException, InterruptedException {
        Chromium here = ofThisMachine();
        Optional<Path> found = here.installed();
        if (found.isEmpty() && here.aptGet().isPresent()) {
            found = here.installWithApt(here.aptGet().get());
        }
        if (found.isEmpty()) {
            found = downloadWithPlaywright();
        }
        return found.orElseThrow(() -> new IllegalStateException("The browser tests need Chromium: none of " + NAMES
                + " is on the PATH, and neither apt-get nor Playwright could install it (see above)."
                + " Install one, or name it with -Dgrantbook.chromium=/path/to/chromium"));
    }

    /**
     * A browser that is already there.
     *
     * @throws IllegalStateException when one was named that cannot be run: guessing another would hide the mistake
     */
    Optional<Path> installed() {
        if (named == null) {
            return NAMES.stream().flatMap(this::onPath).findFirst();
        }
        Path browser = Path.of(named);
        if (!isProgram(browser)) {
            throw new IllegalStateException(
                    "grantbook.chromium names " + browser + ", which is not a program that can be run");
        }
        return Optional.of(browser);
    }

    /** The package tool, if there is one that may be used. */
    Optional<Path> aptGet() {
        return root ? onPath("apt-get").findFirst() : Optional.empty();
    }

    private static Chromium ofThisMachine() {
        return new Chromium(
                System.getProperty("grantbook.chromium", System.getenv("GRANTBOOK_CHROMIUM")),
                Arrays.stream(requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                        .map(Path::of)
                        .toList(),
                "root".equals(System.getProperty("user.name")));
    }

    private Stream<Path> onPath(String program) {
        return path.stream().map(folder -> folder.resolve(program)).filter(Chromium::isProgram);
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private Optional<Path> installWithApt(Path aptGet) throws IOException, InterruptedException {
        String tool = aptGet.toString();
        // Another program may be installing something, and mirrors stumble.
        String[] patient = {"-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"};
        boolean done = run(tool, patient[0], patient[1], patient[2], patient[3], "update")
                && run(tool, patient[0], patient[1], patient[2], patient[3], "install", "-y", "chromium");
        return done ? installed() : Optional.empty();
    }

    /** In a JVM of its own, since Playwright's command line ends the JVM it runs in. */
    private static Optional<Path> downloadWithPlaywright() throws IOException, InterruptedException {
        boolean done = run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "com.microsoft.playwright.CLI",
                "install",
                "chromium");
        if (!done) {
            return Optional.empty();
        }
        try (Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(NO_DOWNLOAD))) {
            return Optional.of(Path.of(playwright.chromium().executablePath())).filter(Chromium::isProgram);
        }
    }

    /** Runs a command without input and shows what it says; false when it failed or took too long. */
    private static boolean run(String... command) throws IOException, InterruptedException {
        System.out.println("No Chromium found, running: " + String.join(" ", command));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        process.getOutputStream().close();
        // Not inheritIO: the standard output of a test JVM is how it talks to Maven.
        Thread output = new Thread(() -> process.inputReader().lines().forEach(System.out::println));
        output.start();
        boolean ended = process.waitFor(MINUTES_TO_INSTALL, MINUTES);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        output.join();
        boolean done = ended && process.exitValue() == 0;
        System.out.println(
                done ? "Done." : ended ? "Failed: exit code " + process.exitValue() : "Failed: took too long");
        return done;
    }
}
