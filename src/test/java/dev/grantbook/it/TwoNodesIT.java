package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A node keeps nothing that another node needs. */
@ArquillianTest
@RunAsClient
class TwoNodesIT {

    private static final Api BOT = Api.withKey("all");
    private static final Map<String, String> CONFIGURATION = new HashMap<>();

    @Deployment(testable = false)
    static WebArchive war() throws IOException, SQLException {
        PostgreSql.Database database = PostgreSql.fresh();
        CONFIGURATION.putAll(Connectors.configuration(Connectors.DEAD, true));
        CONFIGURATION.put("grantbook.database.url", database.url());
        CONFIGURATION.put("grantbook.database.user", database.user());
        CONFIGURATION.put("grantbook.database.password", database.password());
        return Deployments.war(CONFIGURATION);
    }

    @Test
    void whatStartsOnOneNodeFinishesOnTheOther() throws Exception {
        String subject = "subject-" + UUID.randomUUID();
        try (Node other = Node.start(freePort(), CONFIGURATION)) {
            Visitor visitor = new Visitor();
            String callback = visitor.allow(
                            visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                    .location();
            Reply finished = visitor.get(callback.replace(Deployments.base(), other.base()));
            assertThat(finished.status()).isEqualTo(303);
            assertThat(visitor.get(finished.location()).body()).contains("Ledger Bot");

            assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
            String id = BOT.grant("demo-mixin", subject).getString("id");
            Reply ended = Http.at(other.base())
                    .with("Authorization", "Bearer key-all")
                    .send("DELETE", "/api/v1/grants/" + id, "");
            assertThat(ended.status()).isEqualTo(204);
            assertThat(BOT.access("demo-mixin", subject).getString("status"))
                    .as("the first node knows at once")
                    .isEqualTo("revoked");
        }
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
