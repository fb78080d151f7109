package dev.grantbook.platform.config;

/**
 * Something an operator wrote cannot be used. The message names the file, line and key or the setting, says why and
 * what would be right, and never repeats a secret. It stops the start.
 */
public class ConfigurationException extends RuntimeException {

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
