package dev.grantbook.grant.lifecycle;

import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.persistence.LimitedUpdate;
import dev.grantbook.vault.Sealed;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends grants and destroys their tokens. Fires, in the same transaction, what has to be revoked at the provider. */
@ApplicationScoped
@Transactional
public class GrantEnding {

    private static final int BATCH = 200;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    GrantHistory history;

    @Inject
    Event<GrantEnded> ended;

    @Inject
    Event<GrantForgotten> forgotten;

    @Inject
    Jobs jobs;

    @Inject
    Clock clock;

    /**
     * Fired in the transaction that ends a grant whose provider does not know of the end.
     *
     * @param access sealed for the grant
     * @param refresh sealed for the grant
     * @param secondaryTokens deleted at the end of the transaction
     */
    public record GrantEnded(
            Grant grant, @Nullable Sealed access, @Nullable Sealed refresh, List<SecondaryToken> secondaryTokens) {}

    /** Fired in the transaction that deletes a grant, before the deletion. */
    public record GrantForgotten(Grant grant, List<SecondaryToken> secondaryTokens) {}

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.GRANT_EXPIRY, this::endOverdue);
    }

    /**
     * Records the deadlines and lifetimes that are over. {@link Grant#status} accounts for them before; lists by stored
     * status call this first.
     */
    public void endOverdue() {
        dropUnconfirmed();
        expireOver();
    }

    private void dropUnconfirmed() {
        List<Grant> lapsed;
        do {
            lapsed = entities.createQuery(
                            "SELECT g FROM Grant g WHERE g.status = :unconfirmed AND g.confirmBy <= :now ORDER BY g.id",
                            Grant.class)
                    .setParameter("unconfirmed", GrantStatus.UNCONFIRMED)
                    .setParameter("now", clock.instant())
                    .setMaxResults(BATCH)
                    .getResultList();
            lapsed.forEach(this::drop);
            entities.flush();
        } while (lapsed.size() == BATCH);
    }

    /** Skips the rows that another node has locked. */
    private void expireOver() {
        List<?> ids;
        do {
            ids = entities.createNativeQuery("SELECT id FROM user_grant WHERE status = 'ACTIVE' AND refreshable = FALSE"
                            // With a lower bound: H2's indexes start with the grants that never expire.
                            + " AND expires_at BETWEEN ? AND ? FETCH FIRST " + BATCH + " ROWS ONLY"
                            + LimitedUpdate.SKIP_LOCKED)
                    .setParameter(1, Timestamp.from(Instant.EPOCH))
                    .setParameter(2, Timestamp.from(clock.instant()))
                    .getResultList();
            ids.forEach(id -> expire(entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE)));
            entities.flush();
        } while (ids.size() == BATCH);
    }

    /** Ends a grant whose deadline to confirm has passed; leaves any other. */
    public void drop(Grant grant) {
        if (grant.isLapsed(clock.instant())) {
            // Another call may have ended it meanwhile.
            entities.refresh(grant, LockModeType.PESSIMISTIC_WRITE);
            if (grant.isLapsed(clock.instant())) {
                endUnconfirmed(grant);
            }
        }
    }

    public void endUnconfirmed(Grant grant) {
        end(grant, EndReason.UNCONFIRMED, GrantEventKind.UNCONFIRMED, GrantHistory.GRANTBOOK);
    }

    /** @param grant locked */
    public void expire(Grant grant) {
        grant.expire(clock.instant());
        history.write(grant, GrantEventKind.EXPIRED, GrantHistory.GRANTBOOK, Scopes.NONE, Scopes.NONE);
    }

    /**
     * Ends a grant whose token the provider rejected; where a refresh is possible, only the token ends.
     *
     * @param seen the grant as it was probed; a newer token stays
     */
    public void reject(Grant seen) {
        reject(seen, EndReason.TOKEN_REJECTED, GrantHistory.PROVIDER);
    }

    /**
     * Ends a grant after a refused call, where the provider has no probe. The provider may not know of the end, and is
     * notified.
     *
     * @param seen the grant as it was when its token was used; a newer token stays
     */
    public void rejectCall(Grant seen) {
        reject(seen, EndReason.CALL_REFUSED, GrantHistory.GRANTBOOK);
    }

    private void reject(Grant seen, EndReason why, String actor) {
        grants.lockWithTokenOf(seen).ifPresent(grant -> {
            if (grant.isRefreshable()) {
                grant.accessTokenRefused(why, clock.instant());
            } else {
                end(grant, why, GrantEventKind.REJECTED, actor);
            }
        });
    }

    /** @param actor who ends it, as histories name it */
    public void disconnect(GrantId id, String actor) {
        disconnect(id, actor, grant -> {});
    }

    /**
     * @param actor who ends it, as histories name it
     * @param check gets the locked grant; an exception keeps the grant alive
     * @return the grant, if this call ended it
     */
    public Optional<Grant> disconnect(GrantId id, String actor, Consumer<Grant> check) {
        EndReason why = actor.equals(GrantHistory.PROVIDER) ? EndReason.WITHDRAWN : EndReason.DISCONNECTED;
        Optional<Grant> living = living(id);
        living.ifPresent(check.andThen(grant -> end(grant, why, GrantEventKind.DISCONNECTED, actor)));
        return living;
    }

    /**
     * Ends a grant, unless a bot has used it after that moment.
     *
     * @return whether this call ended it
     */
    public boolean giveUp(GrantId id, Instant unusedSince) {
        Optional<Grant> unused = living(id).filter(grant -> grant.isUnusedSince(unusedSince));
        unused.ifPresent(grant -> end(grant, EndReason.UNUSED, GrantEventKind.DISCONNECTED, GrantHistory.GRANTBOOK));
        return unused.isPresent();
    }

    /** Locks the grant, so that a concurrent refresh comes before or after. */
    private Optional<Grant> living(GrantId id) {
        return Optional.ofNullable(entities.find(Grant.class, id.value(), LockModeType.PESSIMISTIC_WRITE))
                .filter(grant -> grant.status(clock.instant()) != GrantStatus.REVOKED);
    }

    public void forget(Grant grant) {
        history.write(grant, GrantEventKind.ERASED, GrantHistory.GRANTBOOK, Scopes.NONE, Scopes.NONE);
        forgotten.fire(new GrantForgotten(grant, secondaryTokens.of(grant.id())));
        // Its words, history and secondary tokens go with it.
        entities.remove(grant);
    }

    private void end(Grant grant, EndReason why, GrantEventKind kind, String actor) {
        var end = new GrantEnded(
                grant, grant.tokens().access(), grant.tokens().refresh(), secondaryTokens.of(grant.id()));
        grant.revoke(why, clock.instant());
        secondaryTokens.forget(grant);
        history.write(grant, kind, actor, Scopes.NONE, Scopes.NONE);
        if (why.isReported()) {
            ended.fire(end);
        }
    }
}
