package dev.grantbook.connector;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.AcceptHeader;
import dev.grantbook.provider.client.ClientKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the public half of a connector's key, for servers that fetch keys of clients ({@code jwks_uri}, RFC 7591
 * section 2), also after its declaration is gone: its tokens may still have to be revoked.
 */
@Path("jwks/{connector}")
@ApplicationScoped
public class ClientKeysResource {

    /** RFC 7517 section 8.5.1 registers the first; many servers ask for the second. */
    private static final List<String> TYPES = List.of("application/jwk-set+json", MediaType.APPLICATION_JSON);

    @Inject
    Connectors connectors;

    @GET
    @Produces(MediaType.WILDCARD)
    public Response keys(@PathParam("connector") ConnectorId id, @HeaderParam("Accept") @Nullable String accept) {
        JsonObject keys = connectors
                .find(id)
                .flatMap(connectors::key)
                .map(ClientKey::publicKeys)
                .orElseThrow(() -> Problem.of(404, "no-key", "There is no connector with this id that has a key.")
                        .exception());
        return Response.ok(keys.toString(), AcceptHeader.choose(accept, TYPES)).build();
    }
}
