package dev.grantbook.administrator;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.apikey.ClientAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records {@link AuditEvent}s, and by them throttles failed sign-ins over all nodes. */
@ApplicationScoped
@Transactional
public class AuditTrail {

    /** Failures from one network within {@link #WINDOW}, whatever the names, before sign-ins are refused. */
    static final int FAILURES_ALLOWED = 20;

    static final Duration WINDOW = Duration.ofMinutes(5);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** End of a page of the list. */
    public record AuditCursor(Instant at, String id) {}

    public void record(AuditEventKind kind, String actor, String about, ClientAddress address) {
        entities.persist(new AuditEvent(UUID.randomUUID().toString(), clock.instant(), kind, actor, about, address));
    }

    /** Returns events after a cursor, latest first; null for the beginning. */
    public List<AuditEvent> page(@Nullable AuditCursor after, int limit) {
        String from = after == null ? "" : " WHERE e.at <= :at AND (e.at < :at OR e.id > :id)";
        var select = entities.createQuery(
                "SELECT e FROM AuditEvent e" + from + " ORDER BY e.at DESC, e.id", AuditEvent.class);
        if (after != null) {
            select.setParameter("at", after.at()).setParameter("id", after.id());
        }
        return select.setMaxResults(limit).getResultList();
    }

    /**
     * Records a sign-in as failed before its password is checked, so that it counts; returns its id, to settle it by.
     */
    String begin(ClientAddress address) {
        String id = UUID.randomUUID().toString();
        entities.persist(new AuditEvent(id, clock.instant(), AuditEventKind.SIGN_IN_FAILED, "", "", address));
        return id;
    }

    void settle(String id, AuditEventKind outcome, String actor) {
        entities.find(AuditEvent.class, id).settle(outcome, actor);
    }

    /** Deletes a sign-in whose password was not checked after all. */
    void forget(String id) {
        entities.remove(entities.find(AuditEvent.class, id));
    }

    /** Counts recent sign-ins from the network that failed or are being checked, up to one more than are allowed. */
    int failures(ClientAddress address) {
        return entities.createQuery(
                        "SELECT e.id FROM AuditEvent e WHERE e.network = :network AND e.kind = :kind AND e.at > :since",
                        String.class)
                .setParameter("network", address.network())
                .setParameter("kind", AuditEventKind.SIGN_IN_FAILED)
                .setParameter("since", clock.instant().minus(WINDOW))
                .setMaxResults(FAILURES_ALLOWED + 1)
                .getResultList()
                .size();
    }
}
