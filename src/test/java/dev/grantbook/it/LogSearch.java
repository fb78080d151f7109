package dev.grantbook.it;

import java.io.IOException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Searches the logs of all servers for secrets when a class of integration tests is over. Nobody registers it, so that
 * nobody can forget to: JUnit finds it by itself.
 */
public final class LogSearch implements AfterAllCallback {

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (context.getRequiredTestClass().getSimpleName().endsWith("IT")) {
            Secrets.assertNoneIsLogged();
        }
    }
}
