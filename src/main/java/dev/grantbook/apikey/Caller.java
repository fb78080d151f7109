package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API key of the current request. What it does not allow ends the request with a problem (403). */
@ApplicationScoped
public class Caller {

    /** The request attribute; a bean for each request would cost more than the look-up of its key. */
    private static final String KEY = Caller.class.getName();

    private static final ApiKey NONE = new ApiKey("", Set.of(), Set.of(), 0);

    @Inject
    HttpServletRequest request;

    void is(ApiKey valid) {
        request.setAttribute(KEY, valid);
    }

    private ApiKey key() {
        return request.getAttribute(KEY) instanceof ApiKey valid ? valid : NONE;
    }

    /** Returns the name in histories. */
    public String actor() {
        return "api-key:" + key().name();
    }

    int requestsPerMinute() {
        return key().requestsPerMinute();
    }

    public boolean may(Permission permission) {
        return key().permissions().contains(permission);
    }

    public boolean mayUse(ConnectorId connector) {
        return connectors().isEmpty() || connectors().contains(connector);
    }

    /** Returns the key's connectors; empty for all. */
    public Set<ConnectorId> connectors() {
        return key().connectors();
    }

    /** Returns the connector of a list, named or the key's only one; null for all. A key of several requires a name. */
    public @Nullable ConnectorId only(@Nullable ConnectorId connector) {
        if (connector != null) {
            requireConnector(connector);
            return connector;
        }
        Set<ConnectorId> connectors = connectors();
        if (connectors.size() > 1) {
            throw Problem.field("connector", "needed, since this API key is for some connectors only")
                    .exception();
        }
        return connectors.isEmpty() ? null : connectors.iterator().next();
    }

    public void require(Permission permission) {
        if (!may(permission)) {
            throw Problem.of(
                            403,
                            "permission-missing",
                            "This API key does not have the permission \"" + permission.wire() + "\".")
                    .exception();
        }
    }

    public void requireConnector(ConnectorId connector) {
        if (!mayUse(connector)) {
            throw Problem.of(403, "connector-not-allowed", "This API key is not for this connector.")
                    .exception();
        }
    }
}
