package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server and the WAR that is deployed in one file. */
class JarIT {

    private static final Path JAR = Path.of(Deployments.property("it.jar"));

    @Test
    void theWarInsideIsTheOneWithoutTheSandbox() throws Exception {
        try (var jar = new ZipFile(JAR.toFile());
                var war = jar.getInputStream(jar.getEntry("MICRO-INF/deploy/ROOT.war"))) {
            assertThat(war).hasSameContentAs(Files.newInputStream(Path.of(Deployments.property("it.production.war"))));
        }
    }

    @Test
    void aDoctorReadsTheFileBeforeAServerDoes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("connectors.yaml");
        String sound = """
                connectors:
                  wallet:
                    provider: mixin
                    client-id: 11111111-0000-4000-8000-000000000001
                    client-secret: file:%s
                    return-urls: [https://app.example.com/chat]
                    default-scopes: ["PROFILE:READ"]
                  other:
                    provider: mixine
                    client-id: x
                """.formatted(Files.writeString(folder.resolve("secret"), "s3cret"));
        Files.writeString(file, sound);

        Checked wrong = check(folder, file);
        assertThat(wrong.status()).as(wrong.text()).isEqualTo(1);
        assertThat(wrong.text())
                .contains("fault    " + file + ":9: connectors.other.provider: no provider \"mixine\"")
                .contains("fine     " + file + ":2: connectors.wallet: sound")
                .contains("faults: 1, warnings: 1")
                .doesNotContain("s3cret", "Exception");

        Files.writeString(file, sound.substring(0, sound.indexOf("  other:")));
        Checked right = check(folder, file);
        assertThat(right.status()).as(right.text()).isZero();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private record Checked(int status, String text) {}

    private static Checked check(Path folder, Path file) throws Exception {
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dgrantbook.data=" + folder.resolve("data"),
                        "-jar",
                        JAR.toAbsolutePath().toString(),
                        "check",
                        "--offline",
                        "--connectors",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("patience").isTrue();
            return new Checked(process.exitValue(), Files.readString(printed));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void servesAtTheRootAsTheFileBesideItSays(@TempDir Path folder) throws Exception {
        int port = Deployments.freePort();
        Files.writeString(folder.resolve("grantbook.properties"), """
                grantbook.port = %d
                grantbook.data = %s
                grantbook.public-url = https://grantbook.example.com
                """.formatted(
                        port, folder.resolve("data").toString().replace('\\', '/')));

        try (Node node = Node.start(Files.copy(JAR, folder.resolve("grantbook.jar")), port)) {
            Http visitor = Http.at(node.base());

            assertThat(visitor.get("/health/ready").status()).isEqualTo(200);
            assertThat(visitor.get("/").body()).contains("Grantbook").contains("\"/assets/grantbook.css\"");
            assertThat(visitor.get("/console").location()).isEqualTo("https://grantbook.example.com/sign-in");
            assertThat(visitor.get("/openapi").body()).contains("/access");
            assertThat(folder.resolve("data").resolve("keyset.json")).exists();
            assertThatThrownBy(() -> new Socket("127.0.0.2", port).close())
                    .as("it listens on 127.0.0.1 only")
                    .isInstanceOf(ConnectException.class);
        }
    }
}
