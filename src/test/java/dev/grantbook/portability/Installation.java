package dev.grantbook.portability;

import dev.grantbook.it.Http;
import dev.grantbook.testing.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a server that was configured by its own script, with Grantbook deployed. What it starts ends with it: its
 * own processes, by their ids.
 */
final class Installation implements AutoCloseable {

    private static final int SECONDS_TO_CONFIGURE = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private final AppServer server;
    private final Path home;
    private final Path log;
    private final Map<String, String> environment;
    private final String base;
    private @Nullable Process process;

    private Installation(Run run, Path directory, String base, Map<String, String> environment) {
        this.server = run.server();
        this.home = directory.resolve("server");
        this.log = directory.resolve("server.log");
        this.base = base;
        this.environment = environment;
    }

    /**
     * Copies and configures the server.
     *
     * @param directory a new one
     * @param settings of Grantbook, without its public address
     */
    static Installation make(Run run, Path directory, Map<String, String> settings)
            throws IOException, InterruptedException {
        int port = freePort();
        String base = "http://localhost:" + port + run.path();
        var environment = new HashMap<>(Map.of(
                "JAVA_HOME",
                run.jdk().home().toString(),
                "HTTP_PORT",
                String.valueOf(port),
                "ADMIN_PORT",
                String.valueOf(freePort()),
                "ADDRESS",
                "127.0.0.1",
                "CONTEXT_PATH",
                run.address(),
                "GRANTBOOK_PUBLIC_URL",
                base));
        settings.forEach((name, value) ->
                environment.put(name.replaceAll("[^0-9A-Za-z]", "_").toUpperCase(Locale.ROOT), value));
        var made = new Installation(run, directory, base, environment);
        // As an operator unpacks it: modes and links stay as they are.
        made.run(List.of("cp", "-a", run.server().distribution().toString(), made.home.toString()));
        made.run(List.of(run.server().script("configure.sh"), made.home.toString(), war()));
        return made;
    }

    /** Deletes a directory of an earlier run; nothing where there is none. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    private static String war() {
        return System.getProperty("it.production.war", "target/grantbook.war");
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Without a slash at its end. */
    String base() {
        return base;
    }

    /** What the server has printed so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Starts it and waits until Grantbook answers; ends it when that takes too long. */
    void start() throws IOException, InterruptedException {
        Process started = launch(List.of(server.script("start.sh"), home.toString()));
        process = started;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                stop();
                throw new IllegalStateException("Grantbook does not answer; see " + log);
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            return Http.at(base).get("/api/v1/grants").status() == 401;
        } catch (IOException nothingListensYet) {
            return false;
        }
    }

    /** Asks it to end, as an operator does. */
    void stop() {
        Process running = process;
        if (running != null) {
            process = null;
            Processes.end(running);
        }
    }

    /** Ends it and leaves the log alone. */
    @Override
    public void close() throws IOException {
        stop();
        delete(home);
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Process running = launch(command);
        boolean over = running.waitFor(SECONDS_TO_CONFIGURE, TimeUnit.SECONDS);
        if (!over) {
            Processes.end(running);
        }
        if (!over || running.exitValue() != 0) {
            throw new IllegalStateException(command.get(0) + " failed; see " + log);
        }
    }

    private Process launch(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
