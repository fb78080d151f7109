package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import dev.grantbook.testing.Bot;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Every provider that is shipped, at the sandbox, on PostgreSQL; what is old goes within seconds. */
@Suite
@SelectClasses({ProvidersIT.class, AccountProofsIT.class, FacebookIT.class, RetentionIT.class, DialectsIT.class})
class ProvidersSuite {

    static final String PASSWORD = "correct horse battery staple";

    /** Of the connector {@code discord}. */
    static final Bot BOT = new Bot();

    static Path data = Path.of("");

    private static PostgreSql.@Nullable Database database;

    static PostgreSql.Database database() {
        return requireNonNull(database);
    }

    static WebArchive war() throws Exception {
        return Deployments.war(ProvidersSuite.class, ProvidersSuite::configuration);
    }

    private static Map<String, String> configuration() throws IOException, SQLException {
        database = PostgreSql.fresh();
        Map<String, String> configuration = Connectors.configuration("/it-providers.yaml", Connectors.DEAD, true);
        configuration.putAll(database.configuration());
        // These tests change rows behind the server's back, and look at once.
        configuration.put("grantbook.cache.bytes", "0");
        configuration.put("grantbook.admin.password", PASSWORD);
        configuration.putAll(FacebookIT.configuration());
        configuration.putAll(RetentionIT.configuration());
        Connectors.declare(configuration, Connectors.DEAD + "/bot", BOT.url().toString());
        data = Path.of(requireNonNull(configuration.get("grantbook.data")));
        return configuration;
    }
}
