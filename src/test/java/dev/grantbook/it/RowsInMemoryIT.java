package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a node keeps in memory follows what another node changes. */
@ArquillianTest
@RunAsClient
class RowsInMemoryIT {

    /** Far longer than it takes, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Api BOT = Api.withKey("all");

    private static Node other;

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return CostSuite.war();
    }

    @BeforeAll
    static void start() throws Exception {
        other = CostSuite.startAnother();
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    @Test
    void aRevocationOnAnotherNodeIsHeard() throws Exception {
        String subject = known();

        revokeOnTheOther(subject);

        awaitRevoked(subject);
    }

    @Test
    void aRevocationIsSeenThoughTheNodesHearNothingForAWhile() throws Exception {
        String subject = known();
        PostgreSql.Database database = CostSuite.database().database();
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var cut = connection.prepareStatement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE query LIKE 'NOTIFY grantbook_changes%' AND pid <> pg_backend_pid()")) {
            try (var killed = cut.executeQuery()) {
                assertThat(killed.next()).as("a node listens").isTrue();
            }
            revokeOnTheOther(subject);
        }

        awaitRevoked(subject);
    }

    @Test
    void aConnectorsFileThatIsReadAgainIsValidOnEveryNodeOrNowhere() throws Exception {
        Path file = CostSuite.connectorsFile();
        String before = Files.readString(file);
        try {
            Files.writeString(file, before.replace("counted:\n", "counted:\n    pace: quick\n"));
            Reply refused = BOT.send("POST", "/connectors:reload", "");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("connectors-file-invalid");
            assertThat(Json.readObject(refused.body()).getString("detail"))
                    .contains("Nothing was changed.", "connectors.counted.pace");

            Files.writeString(
                    file,
                    before.replace(
                            "api-keys:\n",
                            "api-keys:\n  late:\n    hash: " + new Secret("key-late").hash()
                                    + "\n    permissions: [status]\n"));
            Reply read = BOT.send("POST", "/connectors:reload", "");
            assertThat(read.status()).isEqualTo(200);
            assertThat(Json.readObject(read.body()).getJsonObject("api_keys").getJsonArray("added"))
                    .map(Object::toString)
                    .containsExactly("\"late\"");
            assertThat(Json.readObject(read.body()).getJsonObject("connectors").getJsonArray("changed"))
                    .isEmpty();
            awaitKey(200);
        } finally {
            Files.writeString(file, before);
        }
        assertThat(BOT.send("POST", "/connectors:reload", "").status()).isEqualTo(200);
        awaitKey(401);
    }

    /** Waits for what the other node answers to the key that comes and goes. */
    private static void awaitKey(int status) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (Http.at(other.base())
                        .with("Authorization", "Bearer key-late")
                        .send("GET", "/api/v1/grants?connector=counted", "")
                        .status()
                != status) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    /** A subject whose grant the deployed node has in memory. */
    private static String known() throws Exception {
        String subject = RequestCostIT.grant();
        for (int times = 0; times < 3; times++) {
            assertThat(BOT.access("counted", subject).getString("status")).isEqualTo("authorized");
        }
        return subject;
    }

    private static void revokeOnTheOther(String subject) throws Exception {
        String id = BOT.grant("counted", subject).getString("id");
        Reply ended = Http.at(other.base())
                .with("Authorization", "Bearer key-all")
                .send("DELETE", "/api/v1/grants/" + id, "");
        assertThat(ended.status()).isEqualTo(204);
    }

    private static void awaitRevoked(String subject) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!BOT.access("counted", subject).getString("status").equals("revoked")) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            // The key may ask so often only.
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
