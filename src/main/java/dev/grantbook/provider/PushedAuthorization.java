package dev.grantbook.provider;

import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.FailureShape;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands the authorization request to the server before the browser goes there (RFC 9126), so that it cannot be read or
 * changed on the way. Wherever a server offers that it is used, and when it fails the attempt ends: a server that
 * refuses us here would refuse the code too, after the user has consented for nothing, and breaking a connection must
 * not lead to the weaker way. Only where the server itself says that it serves nothing at the address does the browser
 * carry the request, as if nothing had been announced.
 */
@ApplicationScoped
public class PushedAuthorization {

    private static final Logger LOG = Logger.getLogger(PushedAuthorization.class.getName());

    private static final int LONGEST_REFERENCE = 2000;

    private static final String ENDPOINT = "the pushed authorization endpoint";

    /** Some servers announce what an operator has switched off, or what is not there yet. */
    private static final Set<Integer> NOT_SERVED = Set.of(404, 405, 501);

    @Inject
    OutboundHttp http;

    /**
     * What the browser carries: the request, or a reference to it.
     *
     * @throws ProviderException when the server did not take it
     */
    public Parameters push(ClientRegistration client, Parameters request) {
        URI target = client.provider().endpoints().pushedAuthorization();
        return Optional.ofNullable(target)
                .flatMap(found -> push(client, request, found))
                .map(reference ->
                        new Parameters().with("client_id", client.clientId()).with("request_uri", reference))
                .orElse(request);
    }

    /** @return empty when nothing is served there */
    private Optional<String> push(ClientRegistration client, Parameters asked, URI target) {
        HttpRequest.Builder request = ProviderHttp.request();
        // What shows who we are goes to the server alone: the browser may have to carry what was asked.
        Parameters parameters = asked.copy();
        client.authenticate(client.authentication(), parameters, request);
        Redaction redaction = client.redaction(parameters);
        ProviderHttp.body(request, "POST", BodyFormat.FORM, parameters);
        Reply reply = ProviderHttp.send(http, request, target, ENDPOINT, redaction);
        if (NOT_SERVED.contains(reply.status())) {
            LOG.log(
                    Level.WARNING,
                    "{0} is announced for pushed authorization requests and answers HTTP {1}: the browser carries the request",
                    new Object[] {target, reply.status()});
            return Optional.empty();
        }
        JsonObject body = ProviderHttp.object(reply, ENDPOINT);
        Optional<OAuthError> failure = FailureShape.HTTP_STATUS.detect(reply.status(), body);
        if (failure.isPresent()) {
            FailureKind kind = reply.status() >= 500 ? FailureKind.UNREACHABLE : FailureKind.REFUSED;
            throw new ProviderException(
                    kind, ENDPOINT + " says " + failure.get().redact(redaction));
        }
        String reference = body.get("request_uri") instanceof JsonString text ? text.getString() : "";
        if (reference.isEmpty() || reference.length() > LONGEST_REFERENCE) {
            throw new ProviderException(
                    FailureKind.MALFORMED, ENDPOINT + "'s reply has no request_uri that can be used");
        }
        return Optional.of(reference);
    }
}
