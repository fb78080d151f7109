package dev.grantbook.provider.client;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.AuthorizationDialect;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.provider.quirks.Quirk;
import dev.grantbook.provider.quirks.Quirks;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The client as a provider has registered it.
 *
 * @param provider with the endpoints of this registration
 * @param clientSecret null for a client that is public, or authenticates with a key
 * @param privateKey null unless the client authenticates with it
 * @param parameters extra parameters of each authorization request; an empty one removes the provider's
 * @param again extra parameters when the user is asked once more
 */
public record ClientRegistration(
        Provider provider,
        String clientId,
        @Nullable Secret clientSecret,
        @Nullable ClientKey privateKey,
        ClientAuthentication authentication,
        URI redirectUri,
        Map<String, String> parameters,
        Map<String, String> again) {

    /** Parameters that messages may quote, to help find a fault. */
    private static final Set<String> HARMLESS = Set.of(
            "grant_type",
            "client_id",
            "client_assertion_type",
            "token_type_hint",
            "redirect_uri",
            "response_type",
            "code_challenge_method",
            "scope",
            "user_scope",
            "prompt");

    /** Authenticates a request, by a header or by more parameters. */
    public void authenticate(ClientAuthentication how, Parameters body, OutboundRequest request) {
        switch (how) {
            case BASIC ->
                request.header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((encode(clientId) + ":" + encode(secret().value()))
                                                .getBytes(StandardCharsets.UTF_8)));
            case BODY -> body.with("client_id", clientId).with("client_secret", secret().value());
            case NONE -> body.with("client_id", clientId);
            // The client id goes along for servers that look it up first.
            case PRIVATE_KEY_JWT ->
                body.with("client_id", clientId)
                        .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                        .with(
                                "client_assertion",
                                Objects.requireNonNull(privateKey).assertion(clientId, audience()));
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public List<Quirk> quirks() {
        return provider.quirks().stream().map(Quirks::byName).toList();
    }

    /** Parameters for the query of calls that present a token. */
    public Parameters besideToken(Secret accessToken) {
        var beside = new Parameters();
        quirks().forEach(quirk -> quirk.addBesideToken(clientSecret, accessToken, beside));
        return beside;
    }

    /** Adds these to the query, unless it has them already. */
    public URI besideToken(Secret accessToken, URI target) {
        var query = Parameters.parse(target.getRawQuery());
        Parameters beside = besideToken(accessToken);
        var missing = new Parameters();
        beside.names().forEach(name -> missing.with(name, query.get(name) == null ? beside.get(name) : null));
        return missing.appendTo(target);
    }

    /** @throws NullPointerException for a client without a secret, which no declaration allows where it is needed */
    public Secret secret() {
        return Objects.requireNonNull(clientSecret, "the client has no secret");
    }

    /**
     * Audience of an assertion: the issuer, so that no other server gets one by naming a token endpoint that is not its
     * own (draft-ietf-oauth-rfc7523bis section 4), or the token endpoint (RFC 7523 section 3) for servers that know
     * nothing else.
     */
    public String audience() {
        return provider.issuer() == null || provider.token().assertsToEndpoint()
                ? String.valueOf(provider.endpoints().token())
                : provider.issuer();
    }

    /** Whether the request needs a nonce, since an ID token will come (OpenID Connect Core 1.0 section 3.1.2.1). */
    public boolean expectsIdToken(Scopes asked) {
        return provider.idToken() != null && asked.tokens().contains("openid");
    }

    /** Removes the client's secret, the tokens, and all parameters of a request that are not known to be harmless. */
    public Redaction redaction(Parameters sent, Secret... tokens) {
        var secrets = new ArrayList<String>();
        if (clientSecret != null) {
            secrets.add(clientSecret.value());
        }
        Stream.of(tokens).map(Secret::value).forEach(secrets::add);
        for (String name : sent.names()) {
            if (!HARMLESS.contains(name) && !parameters.containsKey(name) && !again.containsKey(name)) {
                secrets.addAll(sent.all(name));
            }
        }
        return Redaction.of(secrets);
    }

    public ClientRegistration at(URI elsewhere) {
        return new ClientRegistration(
                provider, clientId, clientSecret, privateKey, authentication, elsewhere, parameters, again);
    }

    /** The same client with another secret. */
    public ClientRegistration with(Secret another) {
        return new ClientRegistration(
                provider, clientId, another, privateKey, authentication, redirectUri, parameters, again);
    }

    public ClientRegistration with(Provider complete, ClientAuthentication chosen) {
        return new ClientRegistration(
                complete, clientId, clientSecret, privateKey, chosen, redirectUri, parameters, again);
    }

    /**
     * Makes the authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3) in the provider's dialect.
     *
     * @param asksAgain whether the user was asked before
     * @param returnTo null for none
     */
    public Parameters authorizationRequest(
            Scopes scopes, Secret state, Pkce pkce, boolean asksAgain, @Nullable String returnTo) {
        AuthorizationDialect dialect = provider.authorization();
        var request = new Parameters();
        dialect.withScopes(scopes).forEach(request::with);
        parameters.forEach(request::with);
        if (asksAgain) {
            again.forEach((name, value) -> request.with(name, value.isEmpty() ? request.get(name) : value));
        }
        request.withoutEmpty();
        // The operator's parameters come first, so that they replace none of these.
        request.with("response_type", "code").with("client_id", clientId);
        if (dialect.insteadOfScope() == null || request.get(dialect.insteadOfScope()) == null) {
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
