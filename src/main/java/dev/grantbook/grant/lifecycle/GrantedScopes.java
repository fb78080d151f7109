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
     * Stores what a probe proved: the token lives, and has these scopes.
     *
     * @param asked the grant as it was when the provider was asked; about another token, the answer says nothing
     * @param when the moment before it was asked
     */
    public void prove(Grant asked, Scopes scopes, Instant when) {
        grants.lockWithTokenOf(asked).ifPresent(grant -> {
            grant.prove(when);
            change(grant, scopes);
        });
    }

    /**
     * Takes scopes away, for want of which the provider refused a call. That proves nothing else about the token.
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

    /** Changes the scopes of a locked grant and writes that into its history, if they are other ones. */
    public void change(Grant grant, Scopes scopes) {
        if (!grant.granted().equals(scopes)) {
            write(grant, scopes);
        }
    }

    /** The same where the history says so in any case: the grant lives again. */
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
        // Others may be about to make the same one: whoever has the connector's row makes it, and they find it.
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
