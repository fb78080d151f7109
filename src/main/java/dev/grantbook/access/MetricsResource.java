package dev.grantbook.access;

import dev.grantbook.platform.Measurements;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Numbers for whoever watches over the servers. */
@Path("metrics")
public class MetricsResource {

    @Inject
    Measurements measurements;

    @Inject
    Caller caller;

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String read() {
        caller.require(Permission.METRICS);
        return measurements.text();
    }
}
