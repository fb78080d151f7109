package dev.grantbook.retention;

import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Deletes old lines of histories, and grants that ended long ago. The last line of each kind that proves what the user
 * granted stays for as long as its grant.
 */
@ApplicationScoped
@Transactional
public class GrantRetention implements RetentionRule {

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    @Inject
    Clock clock;

    @Override
    public int drop(ConnectorId connector, RetentionPeriods retention) {
        Instant end = RetentionPeriods.end(retention.history(), clock.instant());
        // Tokens are not verified after the end; the column has an index.
        List<?> ended = LimitedUpdate.take(
                entities,
                "user_grant",
                "connector = ? AND status = 'REVOKED' AND verified_at < ? AND updated_at < ? AND NOT EXISTS"
                        + " (SELECT 1 FROM grant_event line WHERE line.grant_id = user_grant.id AND line.occurred_at >= ?)",
                connector.value(),
                end,
                end,
                end);
        ended.forEach(id -> ending.forget(entities.find(Grant.class, id)));
        entities.flush();
        int lines = LimitedUpdate.delete(
                entities,
                "grant_event",
                "occurred_at < ? AND grant_id IN (SELECT id FROM user_grant WHERE connector = ?)"
                        + " AND (kind NOT IN ('GRANTED', 'IMPORTED', 'CHANGED') OR EXISTS (SELECT 1 FROM grant_event later"
                        + " WHERE later.grant_id = grant_event.grant_id AND later.kind = grant_event.kind"
                        // What the provider changed does not prove what the user granted.
                        + " AND later.actor = grant_event.actor AND later.occurred_at > grant_event.occurred_at))",
                end,
                connector.value());
        return ended.size() + lines;
    }
}
