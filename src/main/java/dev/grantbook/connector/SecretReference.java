package dev.grantbook.connector;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import java.nio.file.Path;

/**
 * Names a secret, so that connectors files and the database contain none.
 *
 * @param text {@code env:NAME} for an environment variable (or another configuration source), {@code file:PATH} for a
 *     file
 */
public record SecretReference(String text) {

    /** @throws ConfigurationException naming the reference, when it leads to nothing */
    public Secret resolve(Settings settings) {
        String where = text.substring(text.indexOf(':') + 1);
        String value =
                text.startsWith("env:") ? settings.value(where).orElse("").strip() : PrivateFile.read(Path.of(where));
        if (value.isEmpty()) {
            throw new ConfigurationException("the secret " + text + " is not set or empty");
        }
        return new Secret(value);
    }
}
