package dev.grantbook.platform.persistence;

import java.sql.SQLException;
import javax.sql.DataSource;

/** Makes the tables of an empty database, the sandbox's too. */
public final class MigratedDatabase {

    private MigratedDatabase() {}

    public static void migrate(DataSource database) {
        var migrations = new Migrations();
        migrations.dataSource = database;
        try {
            migrations.migrate();
            migrations.migrateBeside("sandbox/migration", "flyway_sandbox_history");
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
    }
}
