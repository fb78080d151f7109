package dev.grantbook.connector;

import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.changes.Difference;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Map;

/** Stores what a connectors file declares: all of it, or nothing. */
@ApplicationScoped
public class Declarations {

    @Inject
    Connectors connectors;

    @Inject
    ApiKeys apiKeys;

    /** What a stored declaration changed. */
    public record Changes(Difference connectors, Difference apiKeys) {}

    @Transactional
    public Changes store(Map<ConnectorId, String> definitions, Map<String, ApiKeys.Declared> keys) {
        return new Changes(connectors.declare(definitions), apiKeys.declare(keys));
    }
}
