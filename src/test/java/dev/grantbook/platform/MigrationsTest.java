package dev.grantbook.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.it.PostgreSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationVersion;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What migrations make of the rows that are there. */
class MigrationsTest {

    @ParameterizedTest(name = "2.5 {0}: grants from before get the lifetime that their tokens have")
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void grantsFromBeforeGetTheLifetimeOfTheirTokens(String product) throws Exception {
        DataSource database = fresh(product);
        Migrations.migrate(database, MigrationVersion.fromVersion("22"));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connectors(statement);
            grant(statement, "an-hour", "wallet", "ACTIVE", "'2026-01-01 11:00:00+00'");
            grant(statement, "sixty-days", "wallet", "ACTIVE", "'2026-03-02 10:00:00+00'");
            grant(statement, "already-over", "wallet", "ACTIVE", "'2026-01-01 09:00:00+00'");
            grant(statement, "without-end", "wallet", "ACTIVE", "NULL");

            Migrations.migrate(database, MigrationVersion.fromVersion("25"));

            assertThat(read(statement, "lifetime"))
                    .containsEntry("an-hour", "3600")
                    .containsEntry("sixty-days", "5184000")
                    .containsEntry("already-over", null)
                    .containsEntry("without-end", null);
        }
    }

    @ParameterizedTest(name = "2.20 {0}: Mixin's grants from before end a year after their token came, and no others")
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void mixinsGrantsFromBeforeEndAfterAYear(String product) throws Exception {
        DataSource database = fresh(product);
        Migrations.migrate(database, MigrationVersion.fromVersion("25"));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connectors(statement);
            grant(statement, "mixins", "wallet", "ACTIVE", "NULL");
            grant(statement, "with-an-end", "wallet", "ACTIVE", "'2026-01-01 11:00:00+00'");
            grant(statement, "over", "wallet", "REVOKED", "NULL");
            grant(statement, "anothers", "diary", "ACTIVE", "NULL");

            Migrations.migrate(database, MigrationVersion.fromVersion("28"));

            assertThat(read(statement, "EXTRACT(EPOCH FROM (expires_at - refreshed_at))"))
                    .hasEntrySatisfying(
                            "mixins", end -> assertThat(Double.parseDouble(end)).isEqualTo(365 * 86_400))
                    .hasEntrySatisfying(
                            "with-an-end",
                            end -> assertThat(Double.parseDouble(end)).isEqualTo(3600))
                    .containsEntry("over", null)
                    .containsEntry("anothers", null);
        }
    }

    private static void connectors(Statement statement) throws SQLException {
        statement.execute("INSERT INTO connector (id, definition, enabled, version) VALUES"
                + " ('wallet', '{\"provider\":\"mixin\",\"client-id\":\"a\"}', TRUE, 1),"
                + " ('diary', '{\"provider\":\"github\",\"client-id\":\"mixin\"}', TRUE, 1)");
        statement.execute(
                "INSERT INTO granted_set (id, connector, scopes) VALUES ('w', 'wallet', ''), ('d', 'diary', '')");
    }

    private static void grant(Statement statement, String id, String connector, String status, String end)
            throws SQLException {
        statement.execute("INSERT INTO user_grant (id, connector, subject, account_id, status, granted, granted_set,"
                + " token_type, refreshed_at, expires_at, created_at, updated_at, version) VALUES ('" + id + "', '"
                + connector + "', '" + id + "', 'a-1', '" + status + "', '', '" + connector.charAt(0)
                + "', 'Bearer', '2026-01-01 10:00:00+00', " + end
                + ", '2026-01-01 08:00:00+00', '2026-01-01 10:00:00+00', 1)");
    }

    private static Map<String, @Nullable String> read(Statement statement, String what) throws SQLException {
        var found = new TreeMap<String, @Nullable String>();
        try (ResultSet rows = statement.executeQuery("SELECT id, " + what + " FROM user_grant")) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        }
        return found;
    }

    private static DataSource fresh(String product) throws SQLException {
        if (product.equals("H2")) {
            var h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            return h2;
        }
        PostgreSql.Database fresh = PostgreSql.fresh();
        var postgreSql = new PGSimpleDataSource();
        postgreSql.setUrl(fresh.url());
        postgreSql.setUser(fresh.user());
        postgreSql.setPassword(fresh.password());
        return postgreSql;
    }
}
