package dev.grantbook.sandbox;

import dev.grantbook.oauth.Secret;

/** What a client shows to prove who it is (RFC 6749 section 2.3.1). */
public record ClientCredentials(String clientId, Secret secret) {}
