package dev.grantbook.platform.observability;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** Reports a node without its database as not ready. It stays alive: a restart would not bring the database back. */
@ApplicationScoped
public class DatabaseHealth implements ReadinessCheck {

    private static final int SECONDS_TO_ANSWER = 3;

    @Resource(lookup = "java:app/jdbc/grantbook")
    DataSource database;

    @Override
    public CheckResult check() {
        return new CheckResult("database", answers(), Map.of());
    }

    boolean answers() {
        try (var connection = database.getConnection()) {
            return connection.isValid(SECONDS_TO_ANSWER);
        } catch (SQLException e) {
            return false;
        }
    }
}
