package dev.grantbook.it;

import java.io.IOException;
import java.nio.file.Files;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

class MixinFlowOnH2IT extends MixinFlow {

    @Deployment(testable = false)
    static WebArchive war() throws IOException {
        // AUTO_SERVER lets the test look into the same file.
        String file =
                Files.createTempDirectory("grantbook-h2").resolve("grantbook").toString();
        return deploy(new PostgreSql.Database(
                "jdbc:h2:file:" + file + ";AUTO_SERVER=TRUE;LOCK_TIMEOUT=10000", "grantbook", "it"));
    }
}
