package dev.grantbook.it;

import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** A standard OAuth server, a database that goes away, and a collector of traces. */
@Suite
@SelectClasses({StandardFlowIT.class, TracingIT.class})
class StandardSuite {

    static WebArchive war() throws Exception {
        return Deployments.war(StandardSuite.class, () -> {
            Map<String, String> configuration = StandardFlowIT.configuration();
            configuration.putAll(TracingIT.configuration());
            return configuration;
        });
    }
}
