package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
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
