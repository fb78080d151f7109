package dev.grantbook.platform.persistence;

import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** Migrates the database to the version of this WAR, before anything reads it. */
@ApplicationScoped
public class Migrations {

    @Resource(lookup = "java:app/jdbc/grantbook")
    DataSource dataSource;

    void migrate(@Observes @Priority(StartOrder.DATABASE) Startup event, Settings settings) throws SQLException {
        PrivateFile.directory(settings.data());
        migrate();
    }

    void migrate() throws SQLException {
        migrate("db/migration", "flyway_schema_history", false);
        if (isPostgreSql()) {
            migrateBeside("db/postgresql", "flyway_postgresql");
        }
    }

    /** Applies the migrations of a room that not every WAR has; {@code history} is the table that records them. */
    public void migrateBeside(String location, String history) throws SQLException {
        migrate(location, history, true);
    }

    private void migrate(String location, String history, boolean beside) throws SQLException {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:" + location)
                    .callbackLocations(new String[0])
                    .table(history)
                    .baselineOnMigrate(beside)
                    .baselineVersion("0")
                    .placeholders(Map.of("bytewise", bytewise()))
                    .load()
                    .migrate();
        } catch (FlywayValidateException e) {
            throw new ConfigurationException(
                    "the tables of this database were made by a version of Grantbook that was never released, and cannot"
                            + " be brought up to date: start with an empty database (\"./mvnw\" keeps its own in data/:"
                            + " delete that directory)",
                    e);
        }
    }

    /** H2 compares bytewise anyway; PostgreSQL by default sorts by the database's language. */
    private String bytewise() throws SQLException {
        return isPostgreSql() ? "COLLATE \"C\"" : "";
    }

    private boolean isPostgreSql() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return "PostgreSQL".equals(connection.getMetaData().getDatabaseProductName());
        }
    }
}
