package dev.grantbook.platform.config;

/**
 * Something that an operator wrote cannot be used; stops the start. The message names the file, line and key or the
 * setting, the fault and what would be right, and never repeats a secret.
 */
public class ConfigurationException extends RuntimeException {

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
