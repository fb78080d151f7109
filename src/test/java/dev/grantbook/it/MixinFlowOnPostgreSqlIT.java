package dev.grantbook.it;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

class MixinFlowOnPostgreSqlIT extends MixinFlow {

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return PostgreSqlSuite.war();
    }

    @Override
    PostgreSql.Database database() {
        return PostgreSqlSuite.database();
    }
}
