package dev.grantbook.it;

import static java.util.Objects.requireNonNull;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/**
 * The system's Chromium, for tests that act as a visitor does: {@code @RegisterExtension static final Browser browser =
 * new Browser();}. It starts once for all test classes. Every {@code open} is another visitor, with cookies of its own;
 * all of them leave when the test ends.
 */
final class Browser implements BeforeAllCallback, AfterEachCallback {

    private static final double PATIENCE_MILLISECONDS = 60_000;

    private final List<BrowserContext> visitors = new ArrayList<>();

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
        Store shared = context.getRoot().getStore(Namespace.create(Browser.class));
        running = shared.get(Running.class, Running.class);
        if (running == null) {
            running = Running.start();
            shared.put(Running.class, running);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        visitors.forEach(BrowserContext::close);
        visitors.clear();
    }

    /** A visitor as most are: scripts run as far as the page's Content-Security-Policy lets them. */
    Tab open(Device device) {
        return new Tab(visitor(device.options()));
    }

    /** A visitor whose browser runs no scripts. */
    Tab openWithoutScripts(Device device) {
        return new Tab(visitor(device.options().setJavaScriptEnabled(false)));
    }

    /** A visitor whose pages can be audited: axe is a script, so the Content-Security-Policy does not hold here. */
    AuditedTab openForAudit(Device device) {
        return new AuditedTab(visitor(device.options().setBypassCSP(true)));
    }

    private Page visitor(NewContextOptions options) {
        BrowserContext visitor = requireNonNull(running, "register the browser in a static field")
                .chromium()
                .newContext(options.setBaseURL(Deployments.base()));
        visitor.setDefaultTimeout(PATIENCE_MILLISECONDS);
        visitors.add(visitor);
        return visitor.newPage();
    }

    /** JUnit closes it after the last class. */
    private record Running(Playwright playwright, com.microsoft.playwright.Browser chromium) implements AutoCloseable {

        /** Nothing but the test's own traffic. Playwright adds --headless and, needed for root, --no-sandbox. */
        private static final List<String> ARGUMENTS = List.of(
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync");

        static Running start() throws IOException, InterruptedException {
            LaunchOptions options = new LaunchOptions()
                    .setExecutablePath(Chromium.find())
                    .setHeadless(true)
                    .setArgs(ARGUMENTS);
            Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Chromium.NO_DOWNLOAD));
            return new Running(playwright, playwright.chromium().launch(options));
        }

        @Override
        public void close() {
            chromium.close();
            playwright.close();
        }
    }
}
