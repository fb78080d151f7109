package dev.grantbook.sandbox.account;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.persistence.Migrations;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.sql.SQLException;

/** Creates the sandbox's tables when it is on. */
@ApplicationScoped
class SandboxTables {

    void migrate(@Observes @Priority(StartOrder.SANDBOX) Startup event, Settings settings, Migrations migrations)
            throws SQLException {
        if (settings.sandbox().enabled()) {
            migrations.migrateBeside("sandbox/migration", "flyway_sandbox_history");
        }
    }
}
