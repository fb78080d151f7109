package dev.grantbook.provider;

import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.provider.http.ProviderReply;
import java.net.URI;

/** Sends parameters to an endpoint as a client; no message about it repeats them. */
final class EndpointCall {

    private final ClientRegistration client;
    private final String endpoint;
    private final Parameters parameters;
    private final OutboundRequest request = ProviderHttp.request();

    /** @param endpoint its name in messages */
    EndpointCall(ClientRegistration client, String endpoint, Parameters parameters) {
        this.client = client;
        this.endpoint = endpoint;
        this.parameters = parameters;
    }

    EndpointCall authenticate(ClientAuthentication how) {
        client.authenticate(how, parameters, request);
        return this;
    }

    EndpointCall present(Secret accessToken) {
        ProviderHttp.present(request, accessToken);
        return this;
    }

    /** @param tokens what else no message repeats */
    ProviderReply send(OutboundHttp http, String method, BodyFormat format, URI target, Secret... tokens) {
        String type = format.contentType();
        if (type == null) {
            request.method(method);
        } else {
            request.header("Content-Type", type).method(method, format.body(parameters));
        }
        Redaction redaction = client.redaction(parameters, tokens);
        return ProviderReply.fetch(
                http, client.provider(), request, format.target(target, parameters), endpoint, redaction);
    }
}
