package dev.grantbook.provider.http;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Reply of a provider's endpoint, read in the provider's dialect.
 *
 * @param endpoint its name in messages
 * @param redaction removes from messages what the request contained
 */
public record ProviderReply(Provider provider, String endpoint, Reply reply, Redaction redaction) {

    /** RFC 9449 sections 5 and 8: the server is set to give this client no bearer tokens. */
    private static final Set<String> DPOP = Set.of("invalid_dpop_proof", "use_dpop_nonce");

    /**
     * Sends a request to an endpoint.
     *
     * @throws ProviderException when no whole reply came
     */
    public static ProviderReply fetch(
            OutboundHttp http,
            Provider provider,
            OutboundRequest request,
            URI target,
            String endpoint,
            Redaction redaction) {
        return new ProviderReply(
                provider, endpoint, ProviderHttp.send(http, request, target, endpoint, redaction), redaction);
    }

    public int status() {
        return reply.status();
    }

    /** @throws ProviderException when the body is no JSON */
    public JsonStructure json() {
        return ProviderHttp.json(reply, endpoint);
    }

    public JsonStructure jsonOrEmpty() {
        return ProviderHttp.jsonOrEmpty(reply.body());
    }

    /** @throws ProviderException when it is no JSON object */
    public JsonObject object() {
        return ProviderHttp.object(reply, endpoint);
    }

    public Optional<OAuthError> error(JsonStructure body) {
        return provider.token().failure().detect(status(), body);
    }

    /** @throws ProviderException when the reply is a refusal, or no JSON object */
    public JsonObject requireAccepted() {
        requireNoRefusal();
        return object();
    }

    /**
     * Reads the reply proper.
     *
     * @throws ProviderException when the reply is a refusal, or has no envelope
     */
    public JsonObject requireEnvelope() {
        Pointer envelope = provider.token().envelope();
        return envelope.object(requireNoRefusal())
                .orElseThrow(() -> new ProviderException(
                        FailureKind.MALFORMED,
                        envelope.text().isEmpty()
                                ? "the reply is no JSON object"
                                : "the reply has no object at " + envelope.text()));
    }

    private JsonStructure requireNoRefusal() {
        JsonStructure body = json();
        Optional<OAuthError> error = error(body);
        if (error.isPresent()) {
            throw refusal(error.get(), body);
        }
        return body;
    }

    /** Treats 5xx and rate limiting as unavailability, so that callers back off. */
    public ProviderException refusal(OAuthError error, JsonStructure body) {
        boolean later =
                status() >= 500 || provider.failure(status(), body).meaning() == ApiFailure.Meaning.RATE_LIMITED;
        return new ProviderException(
                later ? FailureKind.UNREACHABLE : FailureKind.REFUSED,
                endpoint + " says " + error.redact(redaction)
                        + (DPOP.contains(error.code()) ? " (DPoP, RFC 9449, is not supported)" : ""));
    }
}
