package dev.grantbook.provider;

import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.platform.OutboundHttp;
import dev.grantbook.platform.OutboundHttp.Reply;
import dev.grantbook.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * Hands the authorization request to the server before the browser goes there (RFC 9126), so that nobody on the way can
 * read or change it. Wherever a server offers that it is used, and when it fails the trip ends: a server that refuses us
 * here would refuse the code too, after the user has consented for nothing, and whoever can break a connection must not
 * choose the weaker way.
 */
@ApplicationScoped
public class PushedAuthorization {

    private static final int LONGEST_REFERENCE = 2000;

    @Inject
    OutboundHttp http;

    /**
     * What the browser carries: the request, or a reference to it.
     *
     * @throws ProviderException when the server did not take it
     */
    public Parameters carried(ClientRegistration client, Parameters request) {
        URI target = client.provider().endpoints().pushedAuthorization();
        return target == null
                ? request
                : new Parameters()
                        .with("client_id", client.clientId())
                        .with("request_uri", push(client, request, target));
    }

    private String push(ClientRegistration client, Parameters parameters, URI target) {
        var request = HttpRequest.newBuilder().header("Accept", "application/json");
        client.authentication().apply(client, parameters, request);
        Redaction redaction = client.redaction(parameters);
        Reply reply = ProviderApi.send(
                http, request.method("POST", BodyFormat.FORM.body(parameters, request)), target, redaction);
        JsonObject body = ProviderApi.object(reply);
        Optional<OAuthError> failure = FailureShape.HTTP_STATUS.detect(reply, body);
        if (failure.isPresent()) {
            Kind kind = reply.status() >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
            throw new ProviderException(
                    kind,
                    "the pushed authorization end point says " + failure.get().redacted(redaction));
        }
        String reference = body.get("request_uri") instanceof JsonString text ? text.getString() : "";
        if (reference.isEmpty() || reference.length() > LONGEST_REFERENCE) {
            throw new ProviderException(
                    Kind.MALFORMED, "the pushed authorization end point's reply has no request_uri that can be used");
        }
        return reference;
    }
}
