package dev.grantbook.doctor;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.doctor.Finding.Severity;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;

/** Tries a connector. */
@Path("connectors/{id: [^/:]+}:check")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class CheckResource {

    @Inject
    Doctor doctor;

    @Inject
    Connectors connectors;

    @Inject
    Caller caller;

    private record FindingJson(Severity severity, String key, String message) {}

    private record Checked(boolean sound, List<FindingJson> findings) {}

    @POST
    public JsonObject check(@PathParam("id") ConnectorId id) {
        caller.require(Permission.CONFIGURE);
        caller.requireConnector(id);
        Connector connector = connectors
                .find(id)
                .filter(Connector::enabled)
                .orElseThrow(() -> Problem.of(404, "unknown-connector", "There is no connector with this id.")
                        .exception());
        List<Finding> findings = doctor.check(connector);
        return RecordJson.write(new Checked(
                findings.stream().noneMatch(finding -> finding.severity() == Severity.FAULT),
                findings.stream()
                        .map(finding ->
                                new FindingJson(finding.severity(), finding.key(), finding.describe(Locale.ENGLISH)))
                        .toList()));
    }
}
