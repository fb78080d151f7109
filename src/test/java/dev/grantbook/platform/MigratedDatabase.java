package dev.grantbook.platform;

import java.sql.SQLException;
import javax.sql.DataSource;

/** Opens the migrations, which are the platform's own business, to the tests of other rooms. */
public final class MigratedDatabase {

    private MigratedDatabase() {}

    public static void migrate(DataSource database) {
        try {
            Migrations.migrate(database);
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
    }
}
