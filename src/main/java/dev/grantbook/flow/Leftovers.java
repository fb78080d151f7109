package dev.grantbook.flow;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Retention;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.util.List;

/** What a connector has kept for long enough; each method takes a few rows, in a transaction of its own. */
@ApplicationScoped
@Transactional
public class Leftovers {

    /** Rows that one call takes. */
    static final int FEW = 200;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** Grants with tokens that no bot has asked for in a long time. */
    List<String> unused(Connector connector) {
        return old(
                "SELECT g.id FROM Grant g WHERE g.connector = :connector AND g.accessToken IS NOT NULL"
                        + " AND g.updatedAt < :end AND (g.lastUsedAt IS NULL OR g.lastUsedAt < :end) ORDER BY g.id",
                connector,
                connector.retention().unused());
    }

    /** @return how many lines of histories are gone */
    int dropHistory(Connector connector) {
        return drop(
                "GrantEvent",
                old(
                        "SELECT e.id FROM GrantEvent e, Grant g WHERE e.grantId = g.id AND g.connector = :connector"
                                + " AND e.at < :end ORDER BY e.id",
                        connector,
                        connector.retention().history()));
    }

    int dropAttempts(Connector connector) {
        return drop(
                "Attempt",
                old(
                        "SELECT a.id FROM Attempt a WHERE a.connector = :connector AND a.expiresAt < :end ORDER BY a.id",
                        connector,
                        connector.retention().attempts()));
    }

    /** A link stays for as long as a trip by it is kept. */
    int dropInvitations(Connector connector) {
        return drop(
                "Invitation",
                old(
                        "SELECT i.id FROM Invitation i WHERE i.connector = :connector AND i.expiresAt < :end"
                                + " AND NOT EXISTS (SELECT a.id FROM Attempt a WHERE a.invitation = i.id) ORDER BY i.id",
                        connector,
                        connector.retention().invitations()));
    }

    private List<String> old(String query, Connector connector, Period period) {
        Instant end = Retention.end(period, clock.instant());
        return entities.createQuery(query, String.class)
                .setParameter("connector", connector.id())
                .setParameter("end", end)
                .setMaxResults(FEW)
                .getResultList();
    }

    /** Another node may have been first; then there is nothing left to delete. */
    private int drop(String kind, List<String> ids) {
        if (ids.isEmpty()) {
            return 0;
        }
        return entities.createQuery("DELETE FROM " + kind + " one WHERE one.id IN :ids")
                .setParameter("ids", ids)
                .executeUpdate();
    }
}
