package dev.grantbook.provider.http;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.platform.json.Json;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends requests to endpoints of providers and reads the JSON of their replies. */
public final class ProviderHttp {

    /** RFC 9449 sections 5 and 8: the server is set to give this client no bearer tokens. */
    private static final Set<String> DPOP = Set.of("invalid_dpop_proof", "use_dpop_nonce");

    private ProviderHttp() {}

    /** A request that wants JSON. */
    public static HttpRequest.Builder request() {
        return HttpRequest.newBuilder().header("Accept", "application/json");
    }

    /**
     * Puts parameters where the format wants them, but for those that go into the {@linkplain BodyFormat#target
     * address}.
     */
    public static void body(HttpRequest.Builder request, String method, BodyFormat format, Parameters parameters) {
        String type = format.contentType();
        if (type == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", type).method(method, BodyPublishers.ofString(format.body(parameters)));
        }
    }

    public static void present(HttpRequest.Builder request, Secret accessToken) {
        try {
            request.header("Authorization", "Bearer " + accessToken.value());
        } catch (IllegalArgumentException e) {
            // The message would quote the header, and with it the token.
            throw new ProviderException(
                    FailureKind.MALFORMED, "the access token cannot stand in a header (RFC 6750 section 2.1)");
        }
    }

    public static Reply send(OutboundHttp http, HttpRequest.Builder request, URI target, String endpoint) {
        return send(http, request, target, endpoint, Redaction.NONE);
    }

    /**
     * @param endpoint which one is asked, in words for the log
     * @param redaction what the request holds: also a reply that is none may quote it, and so may its exception
     */
    public static Reply send(
            OutboundHttp http, HttpRequest.Builder request, URI target, String endpoint, Redaction redaction) {
        try {
            return http.send(request, target);
        } catch (IOException e) {
            // Without the cause, which has the same words.
            throw new ProviderException(
                    FailureKind.UNREACHABLE, endpoint + ": " + redaction.in(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Reads a JSON object out of a reply that may be anything.
     *
     * @param endpoint which one it is from, in words for the log
     */
    public static JsonObject object(Reply reply, String endpoint) {
        if (json(reply, endpoint) instanceof JsonObject object) {
            return object;
        }
        throw noObject(reply, endpoint);
    }

    /** The same where a refusal may be a list. */
    public static JsonStructure json(Reply reply, String endpoint) {
        return parse(reply.body()).orElseThrow(() -> noObject(reply, endpoint));
    }

    /** Where a body that is no JSON is an answer too. */
    public static JsonStructure jsonOrEmpty(Reply reply) {
        return jsonOrEmpty(reply.body());
    }

    public static JsonStructure jsonOrEmpty(String body) {
        return parse(body).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    /**
     * Reads the reply proper.
     *
     * @throws ProviderException when the reply is a refusal, or has no envelope
     */
    public static JsonObject readObject(Provider provider, Reply reply, String endpoint, Redaction redaction) {
        Pointer envelope = provider.token().envelope();
        JsonStructure body = requireNoRefusal(provider, reply, endpoint, redaction);
        return envelope.object(body)
                .orElseThrow(() -> new ProviderException(
                        FailureKind.MALFORMED,
                        envelope.text().isEmpty()
                                ? "the reply is no JSON object"
                                : "the reply has no object at " + envelope.text()));
    }

    /** @throws ProviderException when the reply is a refusal, or no JSON object */
    public static JsonObject readAccepted(Provider provider, Reply reply, String endpoint, Redaction redaction) {
        if (requireNoRefusal(provider, reply, endpoint, redaction) instanceof JsonObject object) {
            return object;
        }
        throw noObject(reply, endpoint);
    }

    private static JsonStructure requireNoRefusal(
            Provider provider, Reply reply, String endpoint, Redaction redaction) {
        JsonStructure body = json(reply, endpoint);
        Optional<OAuthError> failure = provider.token().failure().detect(reply.status(), body);
        if (failure.isPresent()) {
            throw refusal(
                    provider,
                    reply,
                    body,
                    endpoint
                            + " says "
                            + failure.get().redact(redaction)
                            + (DPOP.contains(failure.get().code()) ? " (DPoP, RFC 9449, is not supported)" : ""));
        }
        return body;
    }

    /** Treats 5xx and rate limiting as unavailability, so that callers back off. */
    public static ProviderException refusal(Provider provider, Reply reply, JsonStructure body, String message) {
        ApiFailure.Meaning meaning = provider.failure(reply.status(), body).meaning();
        boolean later = reply.status() >= 500 || meaning == ApiFailure.Meaning.RATE_LIMITED;
        return new ProviderException(later ? FailureKind.UNREACHABLE : FailureKind.REFUSED, message);
    }

    /** @throws ProviderException when the reply does not say whose token it is */
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
     * @return null when the reply names none
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
        try (var reader = Json.createReader(new StringReader(body))) {
            return Optional.of(reader.read());
        } catch (RuntimeException e) {
            // Parsers tell their limits (depth, digits) by exceptions of any type, and their messages may quote the
            // body.
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
