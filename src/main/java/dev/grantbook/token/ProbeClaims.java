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

/** Decides which grants are probed next. All nodes share that: no provider is asked twice for the same proof. */
@ApplicationScoped
@Transactional
class ProbeClaims {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** The provider did not tell, and is not asked about this grant again before {@code until}. */
    void leaveInPeace(GrantId grantId, Instant until) {
        // In SQL, since JPA would count the version up: it is nobody else's business.
        LimitedUpdate.query(entities, "UPDATE user_grant SET probed_at = ? WHERE id = ?", until, grantId.value())
                .executeUpdate();
    }

    /**
     * How many of these connectors' grants a round took, or were left in peace.
     *
     * @param since from then on
     */
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
     * Takes the right to ask about grants of a connector whose proof is old, and whose tokens are not over. Those that
     * nobody asked about for longest come first, so that those about which nothing can be learnt do not keep the others
     * waiting.
     *
     * @param endless whether tokens with an end are left out
     * @param provedBefore none that was proved later than this
     * @param askedBefore none that somebody asked about later than this
     * @param limit how many at most
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
