package dev.grantbook.grant;

import dev.grantbook.id.GrantId;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes when grants were proved and used. In SQL, since JPA would increment the version, and a concurrent exchange
 * would fail.
 */
@ApplicationScoped
@Transactional
public class GrantTimes {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    Clock clock;

    /**
     * Records that the provider accepted the token of a grant.
     *
     * @param asked the grant as it was probed; a newer token is not proved
     * @param when the moment before the request
     */
    public void prove(Grant asked, Instant when) {
        grants.lockWithTokenOf(asked)
                .ifPresent(grant -> LimitedUpdate.query(
                                entities,
                                "UPDATE user_grant SET verified_at = ? WHERE id = ?"
                                        + " AND (verified_at IS NULL OR verified_at < ?)",
                                when,
                                grant.id().value(),
                                when)
                        .executeUpdate());
    }

    /**
     * Records that bots get tokens now.
     *
     * @param before grants used later than this are left out
     */
    public void use(List<GrantId> ids, Instant before) {
        var values = new ArrayList<Object>(TypedId.values(ids));
        values.add(before);
        // Rows that another transaction has locked are skipped: no caller waits for this.
        List<?> free = LimitedUpdate.query(
                        entities,
                        "SELECT id FROM user_grant WHERE id IN " + LimitedUpdate.marks(ids) + " AND used_at < ?"
                                + LimitedUpdate.SKIP_LOCKED,
                        values.toArray())
                .getResultList();
        if (!free.isEmpty()) {
            var counted = new ArrayList<Object>(free);
            counted.add(0, clock.instant());
            LimitedUpdate.query(
                            entities,
                            "UPDATE user_grant SET used_at = ? WHERE id IN " + LimitedUpdate.marks(free),
                            counted.toArray())
                    .executeUpdate();
        }
    }
}
