package dev.grantbook.sandbox;

import dev.grantbook.oauth.Secret;

/** Credentials of a client (RFC 6749 section 2.3.1). */
public record ClientCredentials(String clientId, Secret secret) {}
