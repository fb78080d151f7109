package dev.grantbook.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that serves one port of 127.0.0.1.
 *
 * @param start how long it took from the process's start to the first answer
 */
record Server(Process process, URI base, Duration start) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** @param arguments of {@code java}; in them, {@code PORT} is the port to listen on */
    static Server start(int port, String ready, Path log, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms256m", "-Xmx1g"));
        command.addAll(arguments);
        File output = log.toFile();
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
        var base = URI.create("http://127.0.0.1:" + port);
        while (!answers(base.resolve(ready))) {
            var waited = Duration.ofNanos(System.nanoTime() - begun);
            if (!process.isAlive() || waited.compareTo(PATIENCE) > 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not start; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return new Server(process, base, Duration.ofNanos(System.nanoTime() - begun));
    }

    static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean answers(URI address) {
        try (var client = new Client()) {
            return client.get(address).status() == 200;
        } catch (IOException nobodyListensYet) {
            return false;
        }
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Resident memory in MiB; 0 where the system does not tell in Linux's way. */
    long memory() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, 30, TimeUnit.SECONDS)
                .thenAccept(Process::destroyForcibly)
                .join();
    }
}
