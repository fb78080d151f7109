package dev.grantbook.grant;

import dev.grantbook.apikey.Caller;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.id.GrantId;
import dev.grantbook.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Finds the grants that the request's API key may see. */
@ApplicationScoped
public class CallerGrants {

    @Inject
    Grants grants;

    @Inject
    Connectors connectors;

    @Inject
    Caller caller;

    /**
     * @throws dev.grantbook.platform.problem.Problem.ProblemException 404 for an unknown grant, and for one of a
     *     connector that the key is not for
     */
    public Grant find(GrantId id) {
        return grants.find(id)
                .filter(grant -> caller.mayUse(grant.connector()))
                .orElseThrow(() -> Problem.of(404, "unknown-grant", "There is no grant with this id.")
                        .exception());
    }

    /** @throws dev.grantbook.platform.problem.Problem.ProblemException 409 when its provider has left the catalogue */
    public Connector connector(Grant grant) {
        return connectors
                .find(grant.connector())
                .orElseThrow(() -> Problem.of(409, "unknown-provider", "This grant's provider is not known any more.")
                        .exception());
    }
}
