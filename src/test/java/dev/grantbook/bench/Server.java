package dev.grantbook.bench;

import dev.grantbook.bench.Load.Operation;
import dev.grantbook.testing.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that serves one port of 127.0.0.1.
 *
 * @param log where all its output goes
 * @param start how long it took from the process's start to the first answer
 */
record Server(Process process, Path log, Duration start) implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** @param first what it must answer to be there */
    static Server start(List<String> command, Path log, Operation first) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            while (!answers(first)) {
                var waited = Duration.ofNanos(System.nanoTime() - begun);
                if (!process.isAlive() || waited.compareTo(PATIENCE) > 0) {
                    throw new IllegalStateException("the server did not start; see " + log);
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
            return new Server(process, log, Duration.ofNanos(System.nanoTime() - begun));
        } catch (InterruptedException | IllegalStateException e) {
            Processes.end(process);
            throw e;
        }
    }

    private static boolean answers(Operation first) {
        try (var client = new Client()) {
            first.run(client);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** The command of Java, with the heap that all have. */
    static List<String> java(List<String> arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms256m", "-Xmx1g"));
        command.addAll(arguments);
        return command;
    }

    /**
     * The command of Payara Micro, as {@code docs/deploy.md} has it for quicker starts.
     *
     * @param home where the server is unpacked, before its first start; that leaves an archive of classes there, which
     *     the next ones map
     */
    static List<String> payara(int port, String war, Path home, List<String> settings)
            throws IOException, InterruptedException {
        Path archive = home.resolve("classes.jsa");
        Path domain = home.resolve("domain.xml");
        if (!Files.exists(domain)) {
            unpackPayara(home);
            Files.copy(home.resolve("config/domain.xml"), domain);
        }
        var arguments = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=192m",
                "-Xlog:cds=error",
                (Files.exists(archive) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive));
        arguments.addAll(settings);
        // For whoever wants to know what other flags give.
        Stream.of(System.getProperty("grantbook.bench.flags", "").split(" ", -1))
                .filter(flag -> !flag.isEmpty())
                .forEach(arguments::add);
        arguments.addAll(List.of(
                "-jar",
                home.resolve("launch-micro.jar").toString(),
                "--domainconfig",
                domain.toString(),
                "--nohazelcast",
                "--disablephonehome",
                "--port",
                String.valueOf(port),
                "--prebootcommandfile",
                "src/main/payara/loopback.txt",
                "--systemproperties",
                "src/main/payara/system.properties",
                "--logproperties",
                "src/main/payara/logging.properties",
                "--contextroot",
                "/",
                "--deploy",
                war));
        return java(arguments);
    }

    private static void unpackPayara(Path home) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Process unpacking = new ProcessBuilder(java(List.of(
                        "-jar", System.getProperty("it.payara"), "--rootDir", home.toString(), "--outputlauncher")))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("unpacking.log").toFile())
                .start();
        if (!unpacking.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || unpacking.exitValue() != 0) {
            Processes.end(unpacking);
            throw new IllegalStateException("the server was not unpacked; see " + home);
        }
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Resident memory in MiB; unknown where the system does not tell in Linux's way. */
    double memory() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
                .findFirst()
                .orElse(Double.NaN);
    }

    long logLines() throws IOException {
        long lines = 0;
        for (byte one : Files.readAllBytes(log)) {
            lines += one == '\n' ? 1 : 0;
        }
        return lines;
    }

    @Override
    public void close() {
        Processes.end(process);
    }
}
