package dev.grantbook.provider;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a provider knows us by.
 *
 * @param provider with the end points that hold for this registration
 * @param clientSecret null for a public client, and for one that has a key
 * @param privateKey PEM or JWK; null unless the client authenticates with it
 * @param authentication how we show that we are the client
 * @param redirectUri where the provider sends the user back to
 * @param parameters extra parameters of every authorization request
 * @param again extra parameters when the user is asked once more
 */
public record ClientRegistration(
        Provider provider,
        String clientId,
        @Nullable Secret clientSecret,
        @Nullable Secret privateKey,
        ClientAuthentication authentication,
        URI redirectUri,
        Map<String, String> parameters,
        Map<String, String> again) {

    /** @throws NullPointerException for a client without a secret; whoever declares one is told before */
    Secret secret() {
        return Objects.requireNonNull(clientSecret, "the client has no secret");
    }

    /** The same client at another redirect URI of ours. */
    public ClientRegistration at(URI elsewhere) {
        return new ClientRegistration(
                provider, clientId, clientSecret, privateKey, authentication, elsewhere, parameters, again);
    }

    /** The same client at a provider whose end points are known by now. */
    public ClientRegistration with(Provider complete) {
        return new ClientRegistration(
                complete, clientId, clientSecret, privateKey, authentication, redirectUri, parameters, again);
    }

    /**
     * The authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3) in the provider's dialect.
     *
     * @param asksAgain whether the user was asked before
     * @param returnTo null for none
     */
    public Parameters authorizationRequest(
            Scopes scopes, Secret state, Pkce pkce, boolean asksAgain, @Nullable String returnTo) {
        Provider.Authorization dialect = provider.authorization();
        var request = new Parameters();
        parameters.forEach(request::with);
        if (asksAgain) {
            again.forEach(request::with);
        }
        // After what the operator may choose, so that nothing of ours can be replaced.
        request.with("response_type", "code").with("client_id", clientId);
        if (dialect.insteadOfScope() == null || !parameters.containsKey(dialect.insteadOfScope())) {
            dialect.scopeParameters(scopes).forEach(request::with);
        }
        request.with("state", state.value());
        if (dialect.sendsRedirectUri()) {
            request.with("redirect_uri", redirectUri.toString());
        }
        dialect.challenge()
                .challenge(pkce)
                .ifPresent(challenge -> request.with("code_challenge", challenge)
                        .with("code_challenge_method", dialect.challengeName()));
        if (dialect.sendsReturnTo()) {
            request.with("return_to", returnTo);
        }
        return request;
    }
}
