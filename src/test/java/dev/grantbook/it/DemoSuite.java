package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** What {@code ./mvnw} serves: the sandbox's own connectors on H2. */
@Suite
@SelectClasses({BrowserWalkIT.class, WebChatIT.class, ClientsIT.class})
class DemoSuite {

    static final String PASSWORD = "correct horse battery staple";

    /** Where the example in Node listens; in the sandbox's own file it is another port. */
    static final int BOT_PORT = Deployments.freePort();

    static Path data = Path.of("");

    static WebArchive war() throws Exception {
        return Deployments.war(DemoSuite.class, DemoSuite::configuration);
    }

    private static Map<String, String> configuration() throws IOException {
        data = Files.createTempDirectory("grantbook-it");
        String sandbox = Files.readString(Path.of("src/main/resources/sandbox/connectors.yaml"));
        assertThat(sandbox).contains("http://localhost:3000\n");
        Path file = data.resolve("connectors.yaml");
        Files.writeString(file, sandbox.replace("http://localhost:3000\n", "http://localhost:" + BOT_PORT + "\n"));
        return Map.of(
                "grantbook.public-url",
                Deployments.base(),
                "grantbook.data",
                data.toString(),
                "grantbook.sandbox.enabled",
                "true",
                "grantbook.connectors.file",
                file.toString(),
                "grantbook.admin.password",
                PASSWORD,
                // Every question of a conversation asks the provider whether the token lives.
                "grantbook.conversations.verify-after",
                "PT0.001S");
    }
}
