package dev.grantbook.authorization.attempt;

import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;

/**
 * Old attempts, and old links; and attempts whose exchange never ended, since the server was killed before it was
 * stored. A link stays for as long as an attempt by it, and until its end is written down and told.
 */
@ApplicationScoped
@Transactional
public class AttemptRetention implements RetentionRule {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Override
    public int drop(ConnectorId connector, RetentionPeriods retention) {
        Instant now = clock.instant();
        // The version too: should the exchange go on after all, it is done anew on top of this.
        int interrupted = LimitedUpdate.query(
                        entities,
                        "UPDATE attempt SET status = 'FAILED', finished_at = ?, verifier = NULL, version = version + 1"
                                + " WHERE connector = ? AND status = 'EXCHANGING' AND expires_at <= ?",
                        now,
                        connector.value(),
                        now)
                .executeUpdate();
        int trips = LimitedUpdate.delete(
                entities,
                "attempt",
                "connector = ? AND expires_at < ?",
                connector.value(),
                RetentionPeriods.end(retention.attempts(), now));
        int links = LimitedUpdate.delete(
                entities,
                "invitation",
                "connector = ? AND expires_at < ? AND status NOT IN ('WAITING', 'OPENED')"
                        + " AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.invitation = invitation.id)",
                connector.value(),
                RetentionPeriods.end(retention.invitations(), now));
        return interrupted + trips + links;
    }
}
