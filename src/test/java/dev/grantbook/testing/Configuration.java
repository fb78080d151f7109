package dev.grantbook.testing;

import dev.grantbook.platform.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Settings for one test: system properties, which every MicroProfile Config reads, put back when the test is over. The
 * test's beans have them at once.
 */
public final class Configuration implements AfterEachCallback {

    private final Map<String, @Nullable String> before = new HashMap<>();

    public Configuration with(String name, String value) {
        String old = System.setProperty(name, value);
        // Not putIfAbsent: that takes a null, which means that it was not set, for absent.
        if (!before.containsKey(name)) {
            before.put(name, old);
        }
        Beans.readSettings();
        return this;
    }

    public Settings settings() {
        return Settings.read();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        before.clear();
    }
}
