package dev.grantbook.provider;

import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderReply;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends the authorization request to the server before the browser goes there (RFC 9126), so that it cannot be read or
 * changed on the way. It is used wherever a server offers it, and its failure ends the attempt: a server that refuses
 * us here would refuse the code too, after the user has consented for nothing, and breaking a connection must not lead
 * to the weaker way. Only where the server itself says that it serves nothing at the address does the browser carry the
 * request.
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
     * Returns what the browser carries: the request, or a reference to it.
     *
     * @throws ProviderException when the server did not accept the request
     */
    public Parameters push(ClientRegistration client, Parameters request) {
        URI target = client.provider().endpoints().pushedAuthorization();
        if (target == null) {
            return request;
        }
        // Credentials go to the server only: the browser may have to carry the request itself.
        ProviderReply reply = new EndpointCall(client, ENDPOINT, request.copy())
                .authenticate(client.authentication())
                .send(http, "POST", BodyFormat.FORM, target);
        if (NOT_SERVED.contains(reply.status())) {
            LOG.log(
                    Level.WARNING,
                    "{0} is announced for pushed authorization requests and answers HTTP {1}: the browser carries the request",
                    new Object[] {target, reply.status()});
            return request;
        }
        String reference = reply.requireAccepted().getString("request_uri", "");
        if (reference.isEmpty() || reference.length() > LONGEST_REFERENCE) {
            throw new ProviderException(
                    FailureKind.MALFORMED, ENDPOINT + "'s reply has no request_uri that can be used");
        }
        return new Parameters().with("client_id", client.clientId()).with("request_uri", reference);
    }
}
