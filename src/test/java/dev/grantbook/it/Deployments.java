package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.Asset;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * What the integration tests deploy: the WAR that was built, nothing in it changed, plus one library that holds nothing but the
 * configuration of the test. Its ordinal beats system properties (400) and the WAR's own defaults (100), see
 * <a href="https://download.eclipse.org/microprofile/microprofile-config-3.1/microprofile-config-spec-3.1.html">MicroProfile
 * Config 3.1</a>, so that nothing on the machine can change what a test means.
 */
final class Deployments {

    private static final String ORDINAL = "500";

    private static final int SECONDS_TO_STOP = 180;

    private Deployments() {}

    /**
     * The built WAR, configured for one test class.
     *
     * @param configuration names and values; MicroProfile Config expands <code>${…}</code> in them
     */
    static WebArchive war(Map<String, String> configuration) {
        awaitFormerServer();
        Secrets.note(configuration);
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File(property("it.war")))
                .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "it-configuration.jar")
                        .addAsResource(properties(configuration), "META-INF/microprofile-config.properties"));
    }

    /**
     * The server's address, without a slash at its end. It says {@code localhost} because browsers trust that name like
     * https; the server listens on 127.0.0.1 only.
     */
    static String base() {
        return "http://localhost:" + property("it.port");
    }

    /**
     * All that the servers of this run have logged so far; {@code arquillian.xml} names the files, Payara numbers them.
     * Letters beyond ASCII may be garbled, since the servers write in the machine's own encoding.
     */
    static String log() throws IOException {
        StringBuilder log = new StringBuilder();
        String name = "server-" + property("it.port") + ".log";
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

    /** Arquillian asks the last class's server to stop but does not wait, and both need the same port and log. */
    private static void awaitFormerServer() {
        ProcessHandle.current()
                .children()
                .filter(Deployments::isJava)
                .forEach(server ->
                        server.onExit().orTimeout(SECONDS_TO_STOP, SECONDS).join());
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).endsWith("java"))
                .orElse(false);
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

    private static String property(String name) {
        return requireNonNull(System.getProperty(name), () -> name + " is set by failsafe: run ./mvnw verify");
    }
}
