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
 * Deletes old attempts and invitations, and ends attempts whose exchange was interrupted. Keeps an invitation as long
 * as an attempt of it, and until its end is recorded.
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
        // With a new version an exchange that goes on after all is stored again, on top of this.
        int interrupted = LimitedUpdate.query(
                        entities,
                        "UPDATE attempt SET status = 'FAILED', finished_at = ?, verifier = NULL, version = version + 1"
                                + " WHERE connector = ? AND status = 'EXCHANGING' AND expires_at <= ?",
                        now,
                        connector.value(),
                        now)
                .executeUpdate();
        int attempts = LimitedUpdate.delete(
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
        return interrupted + attempts + links;
    }
}
