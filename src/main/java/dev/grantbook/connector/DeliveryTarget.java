package dev.grantbook.connector;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a bot receives events.
 *
 * @param previousSecret the secret before this one, while the bot may still verify with it; null for none
 */
public record DeliveryTarget(
        URI url, SecretReference secret, @Nullable SecretReference previousSecret) {}
