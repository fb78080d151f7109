package dev.grantbook.connector;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reads the connectors file again. */
@Path("connectors:reload")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ReloadResource {

    private static final Logger LOG = Logger.getLogger(ReloadResource.class.getName());

    @Inject
    ConnectorsFile file;

    @Inject
    Caller caller;

    @POST
    public JsonObject reload() {
        caller.require(Permission.CONFIGURE);
        if (!caller.connectors().isEmpty()) {
            throw Problem.of(403, "connector-not-allowed", "The file is of all connectors; this API key is for some.")
                    .exception();
        }
        try {
            Declarations.Changes changes = file.reload();
            LOG.log(Level.INFO, "{0} had the connectors file read again: {1}", new Object[] {caller.actor(), changes});
            return RecordJson.write(changes);
        } catch (ConfigurationException unusable) {
            throw Problem.of(422, "connectors-file-invalid", "Nothing was changed. " + unusable.getMessage())
                    .exception();
        }
    }
}
