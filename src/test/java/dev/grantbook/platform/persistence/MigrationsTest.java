package dev.grantbook.platform.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.grantbook.it.PostgreSql;
import dev.grantbook.platform.config.ConfigurationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What becomes of a database at the start. */
class MigrationsTest {

    @ParameterizedTest(name = "{0}: the sandbox's tables are made only for the sandbox")
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void makesTheSandboxsTablesForTheSandboxOnly(String product) throws Exception {
        var migrations = new Migrations();
        migrations.dataSource = fresh(product);

        migrations.migrate();
        Set<String> without = tables(migrations.dataSource);
        migrations.migrateBeside("sandbox/migration", "flyway_sandbox_history");
        Set<String> with = tables(migrations.dataSource);
        migrations.migrate();
        migrations.migrateBeside("sandbox/migration", "flyway_sandbox_history");

        assertThat(without).contains("user_grant").noneMatch(table -> table.contains("sandbox"));
        assertThat(with).containsAll(without).contains("sandbox_authorization", "sandbox_token");
        assertThat(tables(migrations.dataSource)).isEqualTo(with);
    }

    @ParameterizedTest(name = "{0}: a database of a version that was never released stops the start")
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void refusesADatabaseOfAnUnreleasedVersion(String product) throws Exception {
        var migrations = new Migrations();
        migrations.dataSource = fresh(product);
        migrations.migrate();
        try (Connection connection = migrations.dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE \"flyway_schema_history\" SET \"checksum\" = 1 WHERE \"version\" = '1'");
        }

        assertThatThrownBy(() -> migrations.migrate())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("never released")
                .hasMessageContaining("delete that directory");
    }

    private static Set<String> tables(DataSource database) throws SQLException {
        var found = new TreeSet<String>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT table_name FROM information_schema.tables" + " WHERE LOWER(table_schema) = 'public'")) {
            while (rows.next()) {
                found.add(rows.getString(1).toLowerCase(Locale.ROOT));
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
