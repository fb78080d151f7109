package dev.grantbook.connector;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import java.nio.file.Path;

/**
 * Says where a secret is, so that no secret stands in a connectors file or in the database.
 *
 * @param text {@code env:NAME} for an environment variable (or any other configuration source), {@code file:PATH} for a
 *     secret file
 */
public record SecretReference(String text) {

    /** @throws ConfigurationException naming the reference, when there is nothing behind it */
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
