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

/**
 * Ends grants and destroys their tokens. What has to be revoked at the provider is announced in the same transaction.
 */
@ApplicationScoped
@Transactional
public class GrantEnding {

    /** How many rows one statement takes. */
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
     * @param access as it was sealed in the grant
     * @param refresh as it was sealed in the grant
     * @param secondaryTokens what came with the grant; gone at the end of the transaction
     */
    public record GrantEnded(
            Grant grant, @Nullable Sealed access, @Nullable Sealed refresh, List<SecondaryToken> secondaryTokens) {}

    /** Fired in the transaction that removes a grant, before it does. */
    public record GrantForgotten(Grant grant, List<SecondaryToken> secondaryTokens) {}

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.GRANT_EXPIRY, this::endOverdue);
    }

    /**
     * Writes down which deadlines and lifetimes are over. Until then such a grant reads as revoked or expired all the
     * same; lists by status call this first.
     */
    public void endOverdue() {
        dropUnconfirmed();
        expireOver();
    }

    /** Destroys the tokens of grants that were not confirmed in time. */
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

    /** What another node is writing down at the moment is left to it. */
    private void expireOver() {
        List<?> ids;
        do {
            ids = entities.createNativeQuery("SELECT id FROM user_grant WHERE status = 'ACTIVE' AND refreshable = FALSE"
                            // A beginning too: H2's indexes begin with the grants that never expire.
                            + " AND expires_at BETWEEN ? AND ? FETCH FIRST " + BATCH + " ROWS ONLY"
                            + LimitedUpdate.SKIP_LOCKED)
                    .setParameter(1, Timestamp.from(Instant.EPOCH))
                    .setParameter(2, Timestamp.from(clock.instant()))
                    .getResultList();
            ids.forEach(id -> expire(entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE)));
            entities.flush();
        } while (ids.size() == BATCH);
    }

    /** Destroys the tokens of a grant that was not confirmed in time; nothing for any other. */
    public void drop(Grant grant) {
        if (grant.isLapsed(clock.instant())) {
            // Another call may be doing the same; the second one finds it done.
            entities.refresh(grant, LockModeType.PESSIMISTIC_WRITE);
            if (grant.isLapsed(clock.instant())) {
                endUnconfirmed(grant);
            }
        }
    }

    /** Ends a grant that its user cannot confirm any more. */
    public void endUnconfirmed(Grant grant) {
        end(grant, EndReason.UNCONFIRMED, GrantEventKind.UNCONFIRMED, GrantHistory.GRANTBOOK);
    }

    /** Writes down that the lifetime of a locked grant is over. */
    public void expire(Grant grant) {
        grant.expire(clock.instant());
        history.write(grant, GrantEventKind.EXPIRED, GrantHistory.GRANTBOOK, Scopes.NONE, Scopes.NONE);
    }

    /**
     * Ends a grant whose token the provider rejects; where another token can be got, only the token has ended.
     *
     * @param seen the grant as it was when the provider was asked; when it got another token since, that one stays
     */
    public void reject(Grant seen) {
        reject(seen, EndReason.TOKEN_REJECTED, GrantHistory.PROVIDER);
    }

    /**
     * The same where only a call was refused and the provider has no way to be asked: it does not have to know of an
     * end, and is notified.
     *
     * @param seen the grant as it was when its token was used
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
     * The same for a caller who wants it only as the grant is now.
     *
     * @param check is shown the grant while nothing else can change it; what it throws keeps the grant alive
     * @return the grant, if this call ended it
     */
    public Optional<Grant> disconnect(GrantId id, String actor, Consumer<Grant> check) {
        EndReason why = actor.equals(GrantHistory.PROVIDER) ? EndReason.WITHDRAWN : EndReason.DISCONNECTED;
        Optional<Grant> living = living(id);
        living.ifPresent(check.andThen(grant -> end(grant, why, GrantEventKind.DISCONNECTED, actor)));
        return living;
    }

    /**
     * Ends a grant, unless a bot got its token after that moment.
     *
     * @return whether it was ended by this call
     */
    public boolean giveUp(GrantId id, Instant unusedSince) {
        Optional<Grant> unused = living(id).filter(grant -> grant.isUnusedSince(unusedSince));
        unused.ifPresent(grant -> end(grant, EndReason.UNUSED, GrantEventKind.DISCONNECTED, GrantHistory.GRANTBOOK));
        return unused.isPresent();
    }

    /** Locked: a refresh that goes on at the same time comes before or after, and its tokens are not lost. */
    private Optional<Grant> living(GrantId id) {
        return Optional.ofNullable(entities.find(Grant.class, id.value(), LockModeType.PESSIMISTIC_WRITE))
                .filter(grant -> grant.status(clock.instant()) != GrantStatus.REVOKED);
    }

    /** Removes a grant, with all that came with it. */
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
