package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.Asset;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * What the server tests deploy: the WAR that was built, nothing in it changed, plus one library that holds nothing but
 * the configuration of the suite. Its ordinal beats system properties (400) and the WAR's own defaults (100), see <a
 * href="https://download.eclipse.org/microprofile/microprofile-config-3.1/microprofile-config-spec-3.1.html">MicroProfile
 * Config 3.1</a>, so that nothing on the machine can change what a test means.
 */
final class Deployments {

    private static final String ORDINAL = "500";

    /** Of the one server that this JVM runs at a time. */
    private static final int PORT = freePort();

    private static final Map<Class<?>, Map<String, String>> CONFIGURATIONS = new HashMap<>();

    private Deployments() {}

    /**
     * The built WAR with the sandbox, configured for a suite.
     *
     * @param suite names the archive: {@link SharedServer} keeps its server for all classes of the suite
     * @param configuration makes names and values, once; MicroProfile Config expands <code>${…}</code> in them
     */
    static WebArchive war(Class<?> suite, Callable<Map<String, String>> configuration) throws Exception {
        return war("it.war", suite, configuration);
    }

    /** The same of the WAR without the sandbox. */
    static WebArchive productionWar(Class<?> suite, Callable<Map<String, String>> configuration) throws Exception {
        return war("it.production.war", suite, configuration);
    }

    private static WebArchive war(String file, Class<?> suite, Callable<Map<String, String>> configuration)
            throws Exception {
        Map<String, String> settings = CONFIGURATIONS.get(suite);
        if (settings == null) {
            settings = configuration.call();
            CONFIGURATIONS.put(suite, settings);
            Secrets.note(settings);
        }
        return ShrinkWrap.create(ZipImporter.class, suite.getSimpleName() + ".war")
                .importFrom(new File(property(file)))
                .as(WebArchive.class)
                .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "it-configuration.jar")
                        .addAsResource(properties(settings), "META-INF/microprofile-config.properties"));
    }

    static int port() {
        return PORT;
    }

    /**
     * The server's address, without a slash at its end. It says {@code localhost} because browsers trust that name like
     * https; the server listens on 127.0.0.1 only.
     */
    static String base() {
        return "http://localhost:" + PORT;
    }

    /** The file that the server logs to, without the number that Payara adds. */
    static Path logFile() {
        return Path.of("target", "server-" + PORT + ".log");
    }

    /**
     * All that the servers of this JVM have logged so far. Letters beyond ASCII may be garbled, since the servers write
     * in the machine's own encoding.
     */
    static String log() throws IOException {
        StringBuilder log = new StringBuilder();
        String name = logFile().getFileName().toString();
        // Not the lock of a server that is about to end: it goes away while we look.
        DirectoryStream.Filter<Path> logs = file -> {
            String found = file.getFileName().toString();
            return found.startsWith(name) && !found.endsWith(".lck");
        };
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("target"), logs)) {
            for (Path file : files) {
                log.append(Files.readString(file, ISO_8859_1));
            }
        }
        return log.toString();
    }

    /** A port on loopback below those that the system gives to outgoing connections. */
    static int freePort() {
        return ThreadLocalRandom.current()
                .ints(100, 20_000, 30_000)
                .filter(Deployments::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static Asset properties(Map<String, String> configuration) {
        Properties properties = new Properties();
        properties.putAll(configuration);
        properties.setProperty("config_ordinal", ORDINAL);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            properties.store(bytes, null);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return new ByteArrayAsset(bytes.toByteArray());
    }

    static String property(String name) {
        return requireNonNull(System.getProperty(name), () -> name + " is set by failsafe: run ./mvnw verify");
    }
}
