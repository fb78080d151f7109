package dev.grantbook.token;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Claims grants for probes, so that no two nodes probe the same grant. */
@ApplicationScoped
@Transactional
class ProbeClaims {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** Keeps a grant from being probed until then. */
    void leaveInPeace(GrantId grantId, Instant until) {
        // In SQL, since JPA would increment the version and make concurrent changes fail.
        LimitedUpdate.query(entities, "UPDATE user_grant SET probed_at = ? WHERE id = ?", until, grantId.value())
                .executeUpdate();
    }

    /** Counts grants of these connectors that were claimed, or kept from being probed, after a moment. */
    int countSince(Collection<ConnectorId> connectors, Instant since) {
        return entities.createQuery(
                        "SELECT COUNT(g) FROM Grant g WHERE g.connector IN :connectors AND g.probedAt > :since",
                        Long.class)
                .setParameter("connectors", TypedId.values(connectors))
                .setParameter("since", since)
                .getSingleResult()
                .intValue();
    }

    /**
     * Claims unexpired grants of a connector whose proof is old, beginning with the one that was probed longest ago, so
     * that probes without an answer do not hold up the others.
     *
     * @param endless whether to leave out tokens that expire
     * @param provedBefore latest time of the last proof
     * @param askedBefore latest time of the last probe
     * @param limit most grants
     * @return their ids
     */
    List<GrantId> claimOldest(
            ConnectorId connector, boolean endless, Instant provedBefore, Instant askedBefore, int limit) {
        var asked = entities.createNativeQuery("SELECT id FROM user_grant WHERE connector = ? AND status = 'ACTIVE'"
                        + " AND verified_at <= ? AND (probed_at IS NULL OR probed_at <= ?)"
                        + (endless ? " AND expires_at IS NULL" : " AND (expires_at IS NULL OR expires_at > ?)")
                        + " ORDER BY COALESCE(probed_at, verified_at) FETCH FIRST " + limit + " ROWS ONLY"
                        + LimitedUpdate.SKIP_LOCKED)
                .setParameter(1, connector.value())
                .setParameter(2, Timestamp.from(provedBefore))
                .setParameter(3, Timestamp.from(askedBefore));
        if (!endless) {
            asked.setParameter(4, Timestamp.from(clock.instant()));
        }
        List<?> found = asked.getResultList();
        if (!found.isEmpty()) {
            var claimed = new ArrayList<Object>(found);
            claimed.add(0, clock.instant());
            LimitedUpdate.query(
                            entities,
                            "UPDATE user_grant SET probed_at = ? WHERE id IN " + LimitedUpdate.marks(found),
                            claimed.toArray())
                    .executeUpdate();
        }
        return found.stream().map(id -> new GrantId((String) id)).toList();
    }
}
