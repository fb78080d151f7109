package dev.grantbook.connector;

import dev.grantbook.platform.Problem;
import dev.grantbook.provider.ClientKey;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

/**
 * Publishes the public half of a connector's key, for servers that fetch the keys of their clients ({@code jwks_uri}, RFC
 * 7591 section 2). Also for a connector that is no longer declared: its tokens may still have to be revoked.
 */
@Path("jwks/{connector}")
public class ClientKeysResource {

    @Inject
    Connectors connectors;

    @GET
    @Produces("application/jwk-set+json")
    public JsonObject keys(@PathParam("connector") String id) {
        return connectors
                .find(id)
                .flatMap(connectors::key)
                .map(ClientKey::publicKeys)
                .orElseThrow(() -> Problem.of(404, "no-key", "There is no connector with this id that has a key.")
                        .exception());
    }
}
