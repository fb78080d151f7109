package dev.grantbook.grant.lifecycle;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.oauth.Scopes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;

/** Keeps the scopes of grants as their providers report them. */
@ApplicationScoped
@Transactional
public class GrantedScopes {

    @Inject
    Grants grants;

    @Inject
    GrantedSets sets;

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
        grant.change(scopes, sets.of(grant.connector(), scopes), clock.instant());
        history.write(grant, GrantEventKind.CHANGED, GrantHistory.PROVIDER, before.plus(scopes), scopes);
    }
}
