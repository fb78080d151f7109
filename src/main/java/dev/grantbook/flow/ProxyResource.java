package dev.grantbook.flow;

import dev.grantbook.access.Caller;
import dev.grantbook.access.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.LimitedStream;
import dev.grantbook.platform.OutboundHttp.Streamed;
import dev.grantbook.platform.Problem;
import dev.grantbook.platform.Settings;
import dev.grantbook.provider.ApiCall;
import dev.grantbook.provider.ClientRegistration;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderException;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The provider's API with a user's token, for bots that would rather not hold tokens: everything goes through as it is but
 * the token, which is added here and shown to nobody else.
 */
@Path("proxy/{connector}/{subject}/{path: .*}")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.WILDCARD)
public class ProxyResource {

    /** Bytes; a body up to this is held, so that it can be sent again with another token. */
    private static final int HELD = 64 * 1024;

    /** On every reply that is the provider's: our own problems do not have it. */
    private static final String MARK = "Grantbook-Proxied";

    @Inject
    Connectors connectors;

    @Inject
    Grants grants;

    @Inject
    ProviderApi api;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @Context
    @SuppressWarnings("NullAway.Init")
    HttpHeaders headers;

    @Context
    @SuppressWarnings("NullAway.Init")
    UriInfo uri;

    @Context
    @SuppressWarnings("NullAway.Init")
    Request request;

    @PathParam("connector")
    String connectorId = "";

    @PathParam("subject")
    String subject = "";

    @GET
    public Response get() throws IOException {
        return pass(InputStream.nullInputStream());
    }

    @POST
    public Response post(InputStream body) throws IOException {
        return pass(body);
    }

    @PUT
    public Response put(InputStream body) throws IOException {
        return pass(body);
    }

    @PATCH
    public Response patch(InputStream body) throws IOException {
        return pass(body);
    }

    @DELETE
    public Response delete(InputStream body) throws IOException {
        return pass(body);
    }

    private Response pass(InputStream body) throws IOException {
        caller.require(Permission.TOKEN);
        caller.requireConnector(connectorId);
        Connector connector = connectors
                .find(connectorId)
                .orElseThrow(() -> Problem.field("connector", "there is no connector with this id")
                        .exception());
        Grant grant = grants.find(connectorId, subject, headers.getHeaderString("Grantbook-Account"))
                .filter(found -> found.status(clock.instant()) == GrantStatus.ACTIVE)
                .orElseThrow(() -> Problem.of(
                                409, "no-active-grant", "This subject has no active grant; /api/v1/access says more.")
                        .exception());
        URI target = ProxyTarget.of(
                connector.provider().endpoints().api(),
                headers.getHeaderString("Grantbook-Api"),
                path(),
                uri.getRequestUri().getRawQuery());
        ApiCall call = call(target, body);
        ClientRegistration client = connectors.registration(connector);
        Secret token = grants.accessToken(grant).orElseThrow();
        try {
            Streamed reply = pass(client, token, call);
            if (reply.status() == 401 && call.isRepeatable()) {
                Optional<Secret> other = another(grant, token);
                if (other.isPresent()) {
                    reply.body().close();
                    reply = pass(client, other.get(), call);
                }
            }
            return answer(reply);
        } catch (ProviderException e) {
            throw Problem.of(
                            502,
                            "provider-unreachable",
                            "The provider gave no reply in time; whether it did what was" + " asked is not known.")
                    .exception();
        }
    }

    private Streamed pass(ClientRegistration client, Secret token, ApiCall call) {
        return api.pass(client, token, call, settings.proxyTimeout(), settings.proxyLargest());
    }

    /** A token that took the place of the refused one, where there is one. */
    private Optional<Secret> another(Grant seen, Secret refused) {
        return grants.find(seen.id()).flatMap(grants::accessToken).filter(token -> !token.equals(refused));
    }

    /** As it was sent: what is encoded stays so. */
    private String path() {
        String[] parts = uri.getPath(false).replaceFirst("^/", "").split("/", 4);
        return parts.length < 4 ? "" : parts[3];
    }

    private ApiCall call(URI target, InputStream body) throws IOException {
        long largest = settings.proxyLargest();
        int announced = headers.getLength();
        if (announced > largest) {
            throw Problem.of(413, "too-large", "A body may have " + largest + " bytes at most.")
                    .exception();
        }
        byte[] beginning = body.readNBytes(HELD + 1);
        boolean whole = beginning.length <= HELD;
        return new ApiCall(
                request.getMethod(),
                target,
                ProxyHeaders.ofRequest(headers.getRequestHeaders()),
                whole ? beginning : null,
                new LimitedStream(new SequenceInputStream(new ByteArrayInputStream(beginning), body), largest),
                announced);
    }

    /** A redirect is an answer too: following it would show the token to another address. */
    private static Response answer(Streamed reply) {
        var response = Response.status(reply.status()).header(MARK, "true");
        ProxyHeaders.ofReply(reply.headers())
                .forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        StreamingOutput body = out -> {
            try (InputStream in = reply.body()) {
                in.transferTo(out);
            }
        };
        List<Integer> empty = List.of(204, 205, 304);
        if (empty.contains(reply.status())) {
            return response.build();
        }
        return response.entity(body).build();
    }
}
