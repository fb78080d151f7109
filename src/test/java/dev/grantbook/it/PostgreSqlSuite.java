package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Bots of many kinds on PostgreSQL, two of which hear what happens, and a provider's API behind the proxy. */
@Suite
@SelectClasses({MixinFlowOnPostgreSqlIT.class, BotApiIT.class, DeliveriesIT.class, ProxyIT.class})
class PostgreSqlSuite {

    static final String PASSWORD = "correct horse battery staple";

    private static PostgreSql.@Nullable Database database;

    static PostgreSql.Database database() {
        return requireNonNull(database);
    }

    static WebArchive war() throws Exception {
        return Deployments.war(PostgreSqlSuite.class, PostgreSqlSuite::configuration);
    }

    private static Map<String, String> configuration() throws IOException, SQLException {
        database = PostgreSql.fresh();
        Map<String, String> configuration = Connectors.configuration(ProxyIT.provider(), true);
        configuration.putAll(database.configuration());
        // These tests change rows behind the server's back, and look at once.
        configuration.put("grantbook.cache.bytes", "0");
        configuration.put("grantbook.admin.password", PASSWORD);
        configuration.put("grantbook.auditor.password", PASSWORD);
        configuration.putAll(ProxyIT.configuration());
        DeliveriesIT.configure(configuration);
        return configuration;
    }
}
