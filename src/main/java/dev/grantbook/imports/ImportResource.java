package dev.grantbook.imports;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.web.JsonBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** Accepts tokens that a bot obtained elsewhere. */
@Path("grants:import")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ImportResource {

    /** Bytes; a thousand items with tokens of the usual length. */
    private static final int LARGEST = 1024 * 1024;

    @Inject
    JsonBody bodies;

    @Inject
    ImportRequests requests;

    @Inject
    Imports imports;

    @Inject
    Settings settings;

    @Inject
    Caller caller;

    @POST
    public Response start(InputStream body) throws IOException {
        caller.require(Permission.IMPORT);
        Import made = imports.add(requests.parse(bodies.read(body, "ImportRequest", LARGEST)), caller.actor());
        return Response.accepted(
                        ImportsResource.describe(imports.progress(made.id()).orElseThrow()))
                .header(HttpHeaders.LOCATION, settings.publicUrl("/api/v1/imports/" + made.id()))
                .build();
    }
}
