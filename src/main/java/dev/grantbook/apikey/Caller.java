package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.RequestScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who makes the API request at hand. */
@RequestScoped
public class Caller {

    private String name = "";
    private Set<Permission> permissions = Set.of();
    private Set<ConnectorId> connectors = Set.of();
    private int requestsPerMinute;

    void is(ApiKey key) {
        name = key.name();
        permissions = key.permissions();
        connectors = key.connectors();
        requestsPerMinute = key.requestsPerMinute();
    }

    /** As histories name it. */
    public String actor() {
        return "api-key:" + name;
    }

    int requestsPerMinute() {
        return requestsPerMinute;
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    /** Whether the key is for this connector too. */
    public boolean mayUse(ConnectorId connector) {
        return connectors.isEmpty() || connectors.contains(connector);
    }

    /** The only connectors that the key is for; empty for all. */
    public Set<ConnectorId> connectors() {
        return connectors;
    }

    /**
     * Which connector a list is about.
     *
     * @param connector what the request names; null for none
     * @return null for all
     * @throws dev.grantbook.platform.problem.Problem.ProblemException when the key is for others, or for several and
     *     none is named
     */
    public @Nullable ConnectorId only(@Nullable ConnectorId connector) {
        if (connector != null) {
            requireConnector(connector);
            return connector;
        }
        if (connectors.size() > 1) {
            throw Problem.field("connector", "needed, since this API key is for some connectors only")
                    .exception();
        }
        return connectors.isEmpty() ? null : connectors.iterator().next();
    }

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 403 when the key does not have the permission */
    public void require(Permission permission) {
        if (!may(permission)) {
            throw Problem.of(
                            403,
                            "permission-missing",
                            "This API key does not have the permission \"" + permission.wire() + "\".")
                    .exception();
        }
    }

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 403 when the key is for other connectors only */
    public void requireConnector(ConnectorId connector) {
        if (!mayUse(connector)) {
            throw Problem.of(403, "connector-not-allowed", "This API key is not for this connector.")
                    .exception();
        }
    }
}
