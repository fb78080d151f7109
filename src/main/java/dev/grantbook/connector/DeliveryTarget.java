package dev.grantbook.connector;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a bot wants to be told what happens.
 *
 * @param previousSecret the secret before this one, for as long as the bot may still check with it; null when there is
 *     none
 */
public record DeliveryTarget(
        URI url, SecretReference secret, @Nullable SecretReference previousSecret) {}
