package dev.grantbook.platform;

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
import org.flywaydb.core.api.MigrationVersion;

/** Brings the database to the version that this WAR needs, before anything reads it. */
@ApplicationScoped
class Migrations {

    @Resource(lookup = "java:app/jdbc/grantbook")
    @SuppressWarnings("NullAway.Init") // the server injects it
    DataSource dataSource;

    void migrate(@Observes @Priority(StartOrder.DATABASE) Startup event, Settings settings) throws SQLException {
        PrivateFile.directory(settings.data());
        migrate(dataSource);
    }

    static void migrate(DataSource dataSource) throws SQLException {
        migrate(dataSource, MigrationVersion.LATEST);
    }

    static void migrate(DataSource dataSource, MigrationVersion target) throws SQLException {
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .placeholders(Map.of("bytewise", bytewise(dataSource)))
                .target(target)
                .load()
                .migrate();
    }

    /** H2 compares by characters anyway; PostgreSQL sorts like a dictionary of the database's language unless told. */
    private static String bytewise(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean postgres = "PostgreSQL".equals(connection.getMetaData().getDatabaseProductName());
            return postgres ? "COLLATE \"C\"" : "";
        }
    }
}
