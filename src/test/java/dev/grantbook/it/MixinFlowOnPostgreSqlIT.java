package dev.grantbook.it;

import java.io.IOException;
import java.sql.SQLException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

class MixinFlowOnPostgreSqlIT extends MixinFlow {

    @Deployment(testable = false)
    static WebArchive war() throws IOException, SQLException {
        return deploy(PostgreSql.fresh());
    }
}
