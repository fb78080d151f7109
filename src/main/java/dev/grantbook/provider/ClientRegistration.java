package dev.grantbook.provider;

import dev.grantbook.oauth.Secret;
import java.net.URI;

/**
 * What a provider knows us by.
 *
 * @param provider with the end points that hold for this registration
 * @param redirectUri where the provider sends the user back to
 */
public record ClientRegistration(Provider provider, String clientId, Secret clientSecret, URI redirectUri) {}
