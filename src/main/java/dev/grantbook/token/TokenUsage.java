package dev.grantbook.token;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantTimes;
import dev.grantbook.id.GrantId;
import dev.grantbook.platform.observability.FaultLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.TransactionalException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Records when bots last used grants, by which retention ends unused ones. Never fails, and writes at most once an hour
 * for each grant.
 */
@ApplicationScoped
public class TokenUsage {

    private static final Logger LOG = Logger.getLogger(TokenUsage.class.getName());

    /** Retention compares days. */
    private static final Duration AGAIN = Duration.ofHours(1);

    @Inject
    GrantTimes times;

    @Inject
    Clock clock;

    public void count(Grant grant) {
        count(List.of(grant));
    }

    /** @param all grants whose tokens were handed out */
    public void count(Collection<Grant> all) {
        Instant before = clock.instant().minus(AGAIN);
        List<GrantId> due = all.stream()
                .filter(grant -> grant.isUnusedSince(before))
                .map(Grant::id)
                .toList();
        if (due.isEmpty()) {
            return;
        }
        try {
            times.use(due, before);
        } catch (PersistenceException | TransactionalException e) {
            // The token works all the same, and the next use is counted.
            FaultLog.write(LOG, Level.WARNING, "a use of tokens was not counted", e);
        }
    }
}
