package dev.grantbook.grant.lifecycle;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantedSet;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;

/** Keeps the scopes of grants as their providers report them. */
@ApplicationScoped
@Transactional
public class GrantedScopes {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    GrantHistory history;

    @Inject
    Clock clock;

    /**
     * Records that a probe proved the token and its scopes.
     *
     * @param asked the grant as it was probed; a newer token is not proved
     * @param when the moment before the request
     */
    public void prove(Grant asked, Scopes scopes, Instant when) {
        grants.lockWithTokenOf(asked).ifPresent(grant -> {
            grant.prove(when);
            change(grant, scopes);
        });
    }

    /**
     * Removes scopes that a refused call lacked.
     *
     * @param used the grant as it was when the call was reported
     */
    public void remove(Grant used, Collection<String> missing) {
        grants.lockWithTokenOf(used).ifPresent(grant -> {
            var left = new LinkedHashSet<>(grant.granted().tokens());
            left.removeAll(missing);
            change(grant, new Scopes(left));
        });
    }

    /** Changes the scopes of a locked grant and records that, if they differ. */
    public void change(Grant grant, Scopes scopes) {
        if (!grant.granted().equals(scopes)) {
            write(grant, scopes);
        }
    }

    /** Records the scopes also where they are the same: the grant is active again. */
    public void write(Grant grant, Scopes scopes) {
        Scopes before = grant.granted();
        grant.change(scopes, setOf(grant.connector(), scopes), clock.instant());
        history.write(grant, GrantEventKind.CHANGED, GrantHistory.PROVIDER, before.plus(scopes), scopes);
    }

    GrantedSet setOf(ConnectorId connector, Scopes scopes) {
        String id = GrantedSet.idOf(connector, scopes);
        GrantedSet known = entities.find(GrantedSet.class, id);
        if (known != null) {
            return known;
        }
        // The lock on the connector's row lets one of several concurrent calls create it.
        LimitedUpdate.lock(entities, "connector", connector.value());
        known = entities.find(GrantedSet.class, id);
        if (known != null) {
            return known;
        }
        var made = new GrantedSet(connector, scopes);
        entities.persist(made);
        // Before the grant, which refers to it by its id alone.
        entities.flush();
        return made;
    }
}
