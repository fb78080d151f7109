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

/** Everything that {@link AuditEvent} is about, also the memory of who fails to sign in too often, on any node. */
@ApplicationScoped
@Transactional
public class AuditTrail {

    /** Failures from one network within {@link #WINDOW}, whatever the names, until nobody there can try again. */
    static final int FAILURES_ALLOWED = 20;

    static final Duration WINDOW = Duration.ofMinutes(5);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** Where one page of the list ended. */
    public record AuditCursor(Instant at, String id) {}

    public void record(AuditEventKind kind, String actor, String about, ClientAddress address) {
        entities.persist(new AuditEvent(UUID.randomUUID().toString(), clock.instant(), kind, actor, about, address));
    }

    /** Latest first, from behind a place on; null for the beginning. */
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
     * Writes a sign-in down as failed before its password is checked, so that it counts from then on.
     *
     * @return the number to settle or forget it by
     */
    String begin(ClientAddress address) {
        String id = UUID.randomUUID().toString();
        entities.persist(new AuditEvent(id, clock.instant(), AuditEventKind.SIGN_IN_FAILED, "", "", address));
        return id;
    }

    /** Writes down what came of a sign-in. */
    void settle(String id, AuditEventKind outcome, String actor) {
        entities.find(AuditEvent.class, id).settle(outcome, actor);
    }

    /** Takes back a sign-in whose password was not checked after all. */
    void forget(String id) {
        entities.remove(entities.find(AuditEvent.class, id));
    }

    /** How many sign-ins from there failed lately or have not come to their end, as far as that matters. */
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
