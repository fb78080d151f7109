package dev.grantbook.it;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

class MixinFlowOnH2IT extends MixinFlow {

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return H2Suite.war();
    }

    @Override
    PostgreSql.Database database() {
        return H2Suite.database();
    }
}
