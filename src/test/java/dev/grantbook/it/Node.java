package dev.grantbook.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** One more server beside Arquillian's, for what two nodes share. The test that starts it must stop it. */
final class Node implements AutoCloseable {

    private static final int SECONDS_TO_START = 180;

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Process process;
    private final int port;

    private Node(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Serves the built WAR and waits until it answers. */
    static Node start(int port, Map<String, String> configuration) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=192m",
                "-Xmx768m",
                "-Djava.awt.headless=true"));
        configuration.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-jar",
                property("it.payara"),
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
                property("it.war")));
        return start(command, port);
    }

    /** Serves with a JAR that has the server in it, whose settings say the same port. */
    static Node start(Path jar, int port) throws IOException, InterruptedException {
        return start(
                List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx768m", "-jar", jar.toString()), port);
    }

    private static Node start(List<String> command, int port) throws IOException, InterruptedException {
        File log = new File(Deployments.logFile() + ".node-" + port);
        var node = new Node(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        // A node that is started again goes on with the log.
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start(),
                port);
        node.awaitStart(log);
        return node;
    }

    String base() {
        return "http://localhost:" + port;
    }

    /** As a machine that loses its power ends: nothing is tidied up. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, 30, TimeUnit.SECONDS)
                .thenAccept(Process::destroyForcibly)
                .join();
    }

    private void awaitStart(File log) throws InterruptedException {
        for (int second = 0; second < SECONDS_TO_START; second++) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the node ended; see " + log);
            }
            if (answers()) {
                return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the node did not start in time; see " + log);
    }

    private boolean answers() throws InterruptedException {
        try {
            return Http.at(base()).get("/api/v1/grants").status() == 401;
        } catch (IOException nobodyListensYet) {
            return false;
        }
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
