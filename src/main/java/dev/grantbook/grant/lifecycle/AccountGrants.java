package dev.grantbook.grant.lifecycle;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.GrantWords;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Grants by provider account, for notices of providers, which know no subjects. What ends here has already ended at the
 * provider, so that the provider is not notified.
 */
@ApplicationScoped
@Transactional
public class AccountGrants {

    public static final String ACTOR = GrantHistory.PROVIDER;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Clock clock;

    /**
     * Ends what an account granted to any of the connectors.
     *
     * @param before the time of the notice; a grant whose token was issued or accepted later stays
     * @return how many grants ended
     */
    public int withdraw(Collection<ConnectorId> connectors, String accountId, Instant before) {
        int ended = 0;
        // Locked, so that a concurrent exchange comes before or after.
        for (Grant grant : of(connectors, accountId, LockModeType.PESSIMISTIC_WRITE)) {
            Instant alive = grant.verifiedAt();
            boolean old = alive != null && alive.isAfter(before);
            if (!old && grant.status(clock.instant()) != GrantStatus.REVOKED) {
                ending.disconnect(grant.id(), ACTOR);
                ended++;
            }
        }
        return ended;
    }

    /** Ends what an account granted to any of the connectors, and removes from the grants what identifies it. */
    public void erase(Collection<ConnectorId> connectors, String accountId) {
        Instant now = clock.instant();
        for (Grant grant : of(connectors, accountId, LockModeType.PESSIMISTIC_WRITE)) {
            ending.drop(grant);
            ending.disconnect(grant.id(), ACTOR);
            Set<String> words = grant.words();
            grant.erase(now);
            GrantWords.replace(entities, grant, words);
            history.write(grant, GrantEventKind.ERASED, ACTOR, Scopes.NONE, Scopes.NONE);
        }
    }

    public List<Grant> live(Collection<ConnectorId> connectors, String accountId) {
        Instant now = clock.instant();
        return of(connectors, accountId, LockModeType.NONE).stream()
                .filter(grant -> grant.isActive(now))
                .toList();
    }

    private List<Grant> of(Collection<ConnectorId> connectors, String accountId, LockModeType lock) {
        if (connectors.isEmpty()) {
            return List.of();
        }
        return entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.accountId = :account AND g.connector IN :connectors"
                                + " ORDER BY g.id",
                        Grant.class)
                .setParameter("account", accountId)
                .setParameter("connectors", TypedId.values(connectors))
                .setLockMode(lock)
                .getResultList();
    }
}
