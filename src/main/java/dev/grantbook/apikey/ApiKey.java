package dev.grantbook.apikey;

import dev.grantbook.id.ConnectorId;
import java.util.Set;

/**
 * A valid API key of a bot's back end.
 *
 * @param name as histories mention it
 * @param connectors empty for every connector
 * @param requestsPerMinute most requests that one node answers
 */
public record ApiKey(String name, Set<Permission> permissions, Set<ConnectorId> connectors, int requestsPerMinute) {}
