package dev.grantbook.grant.history;

import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Scopes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The histories of all grants. */
@ApplicationScoped
@Transactional
public class GrantHistory {

    /** Actor of events that the provider caused. */
    public static final String PROVIDER = "provider";

    /** Actor of events that a job caused. */
    public static final String GRANTBOOK = "grantbook";

    private static final Set<GrantEventKind> ENDS = EnumSet.of(
            GrantEventKind.DISCONNECTED,
            GrantEventKind.UNCONFIRMED,
            GrantEventKind.REJECTED,
            GrantEventKind.REFRESH_FAILED,
            GrantEventKind.EXPIRED);

    private static final int LONGEST = 500;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Event<GrantEventRecorded> events;

    @Inject
    Clock clock;

    /** Latest first. */
    public List<GrantEvent> of(GrantId grantId) {
        return entities.createQuery(
                        "SELECT e FROM GrantEvent e WHERE e.grantId = :grant ORDER BY e.at DESC,"
                                // They follow from the end that is recorded at the same moment.
                                + " CASE WHEN e.kind = :told OR e.kind = :notTold THEN 0 ELSE 1 END, e.id",
                        GrantEvent.class)
                .setParameter("grant", grantId.value())
                .setParameter("told", GrantEventKind.PROVIDER_NOTIFIED)
                .setParameter("notTold", GrantEventKind.PROVIDER_NOT_NOTIFIED)
                .setMaxResults(LONGEST)
                .getResultList();
    }

    /** An event and the grant as it is now. */
    public record Line(GrantEvent event, Grant grant) {}

    /** The latest events of all grants, in one statement. */
    public List<Line> latest(int limit) {
        return entities.createQuery(
                        "SELECT e, g FROM GrantEvent e, Grant g WHERE g.id = e.grantId ORDER BY e.at DESC, e.id",
                        Object[].class)
                .setMaxResults(limit)
                .getResultStream()
                .map(row -> new Line((GrantEvent) row[0], (Grant) row[1]))
                .toList();
    }

    /** An end is written with the grant's reason. */
    public void write(Grant grant, GrantEventKind kind, String actor, Scopes asked, Scopes granted) {
        EndReason why = ENDS.contains(kind) ? grant.reason(clock.instant()) : null;
        write(grant, kind, actor, asked, granted, why, null);
    }

    public void write(Grant grant, GrantEventKind kind, @Nullable EndReason why) {
        write(grant, kind, GRANTBOOK, Scopes.NONE, Scopes.NONE, why, null);
    }

    /** @param invitation the id of the invitation that led to it; null for none */
    public void write(
            Grant grant,
            GrantEventKind kind,
            String actor,
            Scopes asked,
            Scopes granted,
            @Nullable EndReason why,
            @Nullable String invitation) {
        var event = new GrantEvent(
                UUID.randomUUID().toString(), grant.id(), clock.instant(), kind, actor, asked, granted, why);
        entities.persist(event);
        events.fire(new GrantEventRecorded(grant, event, invitation));
    }
}
