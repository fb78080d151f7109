package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Two nodes over one PostgreSQL that can be killed, and a provider whose refresh tokens work once. */
@Suite
@SelectClasses({TwoNodesIT.class, RefreshOnTwoNodesIT.class, ObservabilityIT.class})
class NodesSuite {

    static final String PASSWORD = "correct horse battery staple";

    private static final Map<String, String> CONFIGURATION = new HashMap<>();

    private static @Nullable MortalPostgreSql database;
    private static @Nullable Rotation provider;
    private static @Nullable Node other;

    static WebArchive war() throws Exception {
        return Deployments.war(NodesSuite.class, NodesSuite::configuration);
    }

    private static Map<String, String> configuration() throws IOException {
        database = MortalPostgreSql.start();
        provider = new Rotation();
        CONFIGURATION.putAll(Connectors.configuration(provider.address(), true));
        CONFIGURATION.putAll(database.configuration());
        CONFIGURATION.put("grantbook.admin.password", PASSWORD);
        // These tests change rows behind the servers' back, and look at once.
        CONFIGURATION.put("grantbook.cache.bytes", "0");
        CONFIGURATION.putAll(RefreshOnTwoNodesIT.configuration());
        ObservabilityIT.configure(CONFIGURATION);
        return CONFIGURATION;
    }

    static MortalPostgreSql database() {
        return requireNonNull(database);
    }

    static Rotation provider() {
        return requireNonNull(provider);
    }

    /** The node beside the deployed one, started when there is none. */
    static Node other() throws IOException, InterruptedException {
        Node running = other;
        if (running == null) {
            running = Node.start(Deployments.freePort(), CONFIGURATION);
            other = running;
        }
        return running;
    }

    /** Kills the other node; the next one is another. */
    static void killOther() {
        requireNonNull(other).kill();
        other = null;
    }

    @AfterSuite
    static void close() throws IOException {
        if (other != null) {
            other.close();
        }
        provider().close();
        database().close();
    }
}
