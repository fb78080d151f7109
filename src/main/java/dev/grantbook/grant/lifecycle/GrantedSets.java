package dev.grantbook.grant.lifecycle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.grantbook.grant.GrantedSet;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;

/** The combinations of scopes that grants refer to. */
@ApplicationScoped
public class GrantedSets {

    private static final int REMEMBERED = 10_000;

    @PersistenceContext
    EntityManager entities;

    /** Ids that committed grants refer to: such a row stays. */
    private final Cache<String, Boolean> stored = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    /** Makes sure, in the caller's transaction, that the set is stored. */
    @Transactional(Transactional.TxType.MANDATORY)
    GrantedSet of(ConnectorId connector, Scopes scopes) {
        var set = new GrantedSet(connector, scopes);
        if (stored.getIfPresent(set.id()) != null || isStored(set)) {
            return set;
        }
        // The lock on the connector's row lets one of several concurrent calls create it.
        LimitedUpdate.lock(entities, "connector", connector.value());
        if (!isStored(set)) {
            entities.persist(set);
            // Before the grant, which refers to it by its id alone.
            entities.flush();
        }
        return set;
    }

    private boolean isStored(GrantedSet set) {
        return entities.find(GrantedSet.class, set.id()) != null;
    }

    void remember(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantEventRecorded event) {
        stored.put(event.grant().grantedSet(), true);
    }
}
