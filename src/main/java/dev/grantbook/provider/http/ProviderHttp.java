package dev.grantbook.provider.http;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.platform.json.Json;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends requests to endpoints and reads the JSON of their replies. */
public final class ProviderHttp {

    private ProviderHttp() {}

    public static OutboundRequest request() {
        return new OutboundRequest().header("Accept", "application/json");
    }

    public static void present(OutboundRequest request, Secret accessToken) {
        try {
            request.header("Authorization", "Bearer " + accessToken.value());
        } catch (IllegalArgumentException e) {
            // The message would quote the header, and with it the token.
            throw new ProviderException(
                    FailureKind.MALFORMED, "the access token cannot stand in a header (RFC 6750 section 2.1)");
        }
    }

    /** Fetches a public document. */
    public static Reply get(OutboundHttp http, URI target, String endpoint) {
        return send(http, request(), target, endpoint, Redaction.NONE);
    }

    static Reply send(OutboundHttp http, OutboundRequest request, URI target, String endpoint, Redaction redaction) {
        try {
            return http.send(request, target);
        } catch (IOException e) {
            // Without the cause, which has the same words.
            throw new ProviderException(
                    FailureKind.UNREACHABLE, endpoint + ": " + redaction.in(String.valueOf(e.getMessage())));
        }
    }

    /** @throws ProviderException when the body is no JSON object */
    public static JsonObject object(Reply reply, String endpoint) {
        if (json(reply, endpoint) instanceof JsonObject object) {
            return object;
        }
        throw noObject(reply, endpoint);
    }

    static JsonStructure json(Reply reply, String endpoint) {
        return parse(reply.body()).orElseThrow(() -> noObject(reply, endpoint));
    }

    /** The empty object when it is no JSON. */
    public static JsonStructure jsonOrEmpty(String body) {
        return parse(body).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    /** @throws ProviderException when the reply names no account */
    public static Account account(Provider provider, JsonObject reply) {
        return provider.account()
                .read(reply)
                .orElseThrow(() ->
                        new ProviderException(FailureKind.MALFORMED, "the provider did not say whose token it is"));
    }

    /**
     * Reads scopes from a text or a list.
     *
     * @param prefix put before each
     * @return null for anything else
     * @throws ProviderException when these are no scopes, or more than can be stored
     */
    public static @Nullable Scopes scopes(@Nullable JsonValue value, char separator, String prefix, String endpoint) {
        Scopes named;
        try {
            if (value instanceof JsonString text) {
                named = Scopes.parse(text.getString(), separator);
            } else if (value instanceof JsonArray list) {
                named = Scopes.of(list.getValuesAs(JsonString::getString));
            } else {
                return null;
            }
        } catch (IllegalArgumentException | ClassCastException e) {
            throw unusable(endpoint, "scope is no list of scopes");
        }
        Scopes scopes =
                Scopes.of(named.toList().stream().map(scope -> prefix + scope).toList());
        if (scopes.isTooLong()) {
            throw unusable(
                    endpoint,
                    "scope is longer than " + Scopes.LONGEST + " characters, or one scope than "
                            + Scopes.LONGEST_TOKEN);
        }
        return scopes;
    }

    public static ProviderException unusable(String endpoint, String why) {
        return new ProviderException(FailureKind.MALFORMED, endpoint + "'s reply cannot be used: " + why);
    }

    private static Optional<JsonStructure> parse(String body) {
        try {
            return Optional.of((JsonStructure) Json.readValue(body));
        } catch (RuntimeException e) {
            // Parsers report their limits by exceptions of any type, and their messages may quote the body.
            return Optional.empty();
        }
    }

    private static ProviderException noObject(Reply reply, String endpoint) {
        boolean later = reply.status() >= 500 || reply.status() == 429;
        return new ProviderException(
                later ? FailureKind.UNREACHABLE : FailureKind.MALFORMED,
                endpoint + ": HTTP " + reply.status() + " with a body that is no JSON object");
    }
}
