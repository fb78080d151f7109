package dev.grantbook.provider;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.platform.config.IpNetwork;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of an authorization server (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3), as far as we use
 * it. Support of {@code S256} is not read: servers without PKCE ignore it (RFC 7636 section 5), and some have it
 * unannounced. Nor is whether pushed requests are required: they are used wherever they are accepted.
 *
 * @param endpoints by their names in descriptors
 * @param issuerPromised whether every callback names the issuer (RFC 9207 section 3)
 * @param clientAuthentications methods of the token endpoint
 * @param idTokenAlgorithms how ID tokens may be signed, never with the client secret
 */
public record ServerMetadata(
        String issuer,
        Map<String, URI> endpoints,
        boolean issuerPromised,
        Set<String> clientAuthentications,
        Set<String> idTokenAlgorithms) {

    /** Names of endpoints in metadata and in descriptors. */
    private static final Map<String, String> NAMES = Map.of(
            "authorization_endpoint", "authorization",
            "token_endpoint", "token",
            "userinfo_endpoint", "account",
            "revocation_endpoint", "revocation",
            "introspection_endpoint", "introspection",
            "pushed_authorization_request_endpoint", "pushed-authorization",
            "jwks_uri", "jwks");

    /**
     * @param issuer as the operator wrote it; the document must name the same (RFC 8414 section 3.3), or else one
     *     server could speak for another
     * @throws ProviderException when the document is about another issuer, or cannot be used
     */
    static ServerMetadata parse(String issuer, JsonObject json) {
        if (!(json.get("issuer") instanceof JsonString named)) {
            throw unusable(issuer, "it names no issuer");
        }
        if (!named.getString().equals(issuer)) {
            throw unusable(
                    issuer,
                    "it is about another issuer, "
                            + OAuthError.of(named.getString(), null).redact(Redaction.NONE));
        }
        var endpoints = new LinkedHashMap<String, URI>();
        NAMES.forEach((theirs, ours) -> {
            if (json.get(theirs) instanceof JsonString text) {
                endpoints.put(ours, endpoint(issuer, theirs, text.getString()));
            }
        });
        if (!endpoints.keySet().containsAll(List.of("authorization", "token"))) {
            throw unusable(issuer, "authorization_endpoint or token_endpoint is missing");
        }
        return new ServerMetadata(
                issuer,
                Map.copyOf(endpoints),
                json.get("authorization_response_iss_parameter_supported") == JsonValue.TRUE,
                // RFC 8414 section 2: the default.
                texts(json.get("token_endpoint_auth_methods_supported"), Set.of("client_secret_basic")),
                texts(json.get("id_token_signing_alg_values_supported"), Provider.IdToken.BY_KEY).stream()
                        .filter(Provider.IdToken.BY_KEY::contains)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Adds this metadata where neither descriptor nor connector says anything. */
    public Provider complete(Provider provider) {
        return provider.complete(endpoints, issuerPromised, idTokenAlgorithms);
    }

    /** Chooses how a client authenticates: by its key if it has one, since the server has no copy of that. */
    public ClientAuthentication authentication(boolean hasSecret, boolean hasKey) {
        if (hasKey && clientAuthentications.contains("private_key_jwt")) {
            return ClientAuthentication.PRIVATE_KEY_JWT;
        }
        if (hasSecret && clientAuthentications.contains("client_secret_basic")) {
            return ClientAuthentication.BASIC;
        }
        if (hasSecret && clientAuthentications.contains("client_secret_post")) {
            return ClientAuthentication.BODY;
        }
        // None is offered: the server's refusal says more than ours could.
        return hasKey
                ? ClientAuthentication.PRIVATE_KEY_JWT
                : hasSecret ? ClientAuthentication.BASIC : ClientAuthentication.NONE;
    }

    private static URI endpoint(String issuer, String name, String text) {
        try {
            var endpoint = new URI(text);
            boolean secure = "https".equals(endpoint.getScheme()) || IpNetwork.isOwnMachine(endpoint);
            if (secure && endpoint.getHost() != null && endpoint.getRawFragment() == null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            throw unusable(issuer, name + " is no address");
        }
        throw unusable(issuer, name + " is not an https address");
    }

    private static Set<String> texts(@Nullable JsonValue list, Set<String> otherwise) {
        if (list == null || list.getValueType() != JsonValue.ValueType.ARRAY) {
            return otherwise;
        }
        return list.asJsonArray().stream()
                .filter(JsonString.class::isInstance)
                .map(text -> ((JsonString) text).getString())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static ProviderException unusable(String issuer, String why) {
        return new ProviderException(FailureKind.MALFORMED, "the metadata of " + issuer + " cannot be used: " + why);
    }
}
