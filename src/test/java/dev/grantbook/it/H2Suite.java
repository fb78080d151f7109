package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Bots of many kinds on H2, behind a proxy that the tests stand in for. */
@Suite
@SelectClasses({ConsoleIT.class, ConversationsIT.class, MixinFlowOnH2IT.class})
class H2Suite {

    static final String PASSWORD = "correct horse battery staple";

    private static PostgreSql.@Nullable Database database;

    static PostgreSql.Database database() {
        return requireNonNull(database);
    }

    static WebArchive war() throws Exception {
        return Deployments.war(H2Suite.class, H2Suite::configuration);
    }

    private static Map<String, String> configuration() throws IOException {
        // AUTO_SERVER lets a test look into the same file.
        database = new PostgreSql.Database(
                "jdbc:h2:file:" + Files.createTempDirectory("grantbook-h2").resolve("grantbook")
                        + ";AUTO_SERVER=TRUE;LOCK_TIMEOUT=10000",
                "grantbook",
                "it");
        Map<String, String> configuration = Connectors.configuration(Connectors.DEAD, true);
        configuration.putAll(database.configuration());
        configuration.put("grantbook.admin.password", PASSWORD);
        configuration.put("grantbook.auditor.password", PASSWORD);
        configuration.putAll(ConsoleIT.configuration());
        configuration.putAll(ConversationsIT.configuration());
        return configuration;
    }
}
