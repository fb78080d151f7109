package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import dev.grantbook.testing.ConsentingProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.platform.suite.api.AfterSuite;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** A server without anything to do in the background, so that what is counted belongs to the request. */
@Suite
@SelectClasses({RequestCostIT.class, RowsInMemoryIT.class})
class CostSuite {

    static final String PASSWORD = "correct horse battery staple";

    private static final String CONNECTOR = """
              counted:
                provider: oauth2
                client-id: %s
                client-secret: env:it.counted-secret
                public-start: true
                default-scopes: ["PROFILE:READ", "ASSETS:READ"]
                return-urls: [https://app.example.com/chat]
                endpoints: {authorization: MOCK/authorize, token: MOCK/token, account: MOCK/userinfo}
                api: [MOCK/api]
            """;

    private static final Map<String, String> CONFIGURATION = new HashMap<>();

    private static @Nullable ConsentingProvider provider;
    private static @Nullable StatementLog database;

    static WebArchive war() throws Exception {
        return Deployments.war(CostSuite.class, CostSuite::configuration);
    }

    private static Map<String, String> configuration() throws IOException {
        provider = new ConsentingProvider();
        database = StatementLog.start();
        Map<String, String> configuration = Connectors.configuration(Connectors.DEAD, true);
        configuration.putAll(database.database().configuration());
        configuration.put("it.counted-secret", ConsentingProvider.SECRET);
        configuration.put("grantbook.admin.password", PASSWORD);
        String connector = CONNECTOR.formatted(ConsentingProvider.CLIENT).replace("MOCK", provider.address());
        Connectors.declare(configuration, "\napi-keys:", connector + "\napi-keys:");
        for (String job : List.of(
                "refresh.round",
                "probe.round",
                "revocation.round",
                "deliveries.pause",
                "retention.round",
                "import.round")) {
            configuration.put("grantbook." + job, "PT1H");
        }
        CONFIGURATION.putAll(configuration);
        return configuration;
    }

    /** One more node over the same database. */
    static Node startAnother() throws IOException, InterruptedException {
        return Node.start(Deployments.freePort(), CONFIGURATION);
    }

    static Path connectorsFile() {
        return Path.of(requireNonNull(CONFIGURATION.get("grantbook.connectors.file")));
    }

    static ConsentingProvider provider() {
        return requireNonNull(provider);
    }

    static StatementLog database() {
        return requireNonNull(database);
    }

    @AfterSuite
    static void close() throws IOException {
        provider().close();
        database().close();
    }
}
