package dev.grantbook.it;

import java.util.Map;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** The WAR without the sandbox, behind a proxy that speaks https: the cookie's prefix and HSTS show. */
@Suite
@SelectClasses({AccessIT.class, JarIT.class, ProductionWarIT.class})
class ProductionSuite {

    static WebArchive war() throws Exception {
        return Deployments.productionWar(ProductionSuite.class, () -> {
            Map<String, String> configuration = Connectors.configuration(Connectors.DEAD, false);
            configuration.put("grantbook.public-url", "https://grantbook.example.com:443/");
            configuration.put("grantbook.upload.timeout", "PT3S");
            return configuration;
        });
    }
}
