package dev.grantbook.apikey;

import dev.grantbook.platform.observability.Measurements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Serves metrics to monitoring. */
@Path("metrics")
@ApplicationScoped
public class MetricsResource {

    @Inject
    Measurements measurements;

    @Inject
    Caller caller;

    /** Serves one format whatever is accepted (RFC 9110 section 12.5.1). */
    @GET
    @Produces(MediaType.WILDCARD)
    public Response read() {
        caller.require(Permission.METRICS);
        return Response.ok(measurements.text(), Measurements.FORMAT).build();
    }
}
