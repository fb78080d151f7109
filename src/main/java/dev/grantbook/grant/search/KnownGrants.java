package dev.grantbook.grant.search;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.grant.lifecycle.GrantEnding.GrantForgotten;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.changes.RowCache;
import dev.grantbook.platform.changes.RowChanges;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.vault.Sealed;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The grants that were asked for lately, in memory, their tokens sealed as in the database. For questions whose answer
 * may be as old as {@link RowChanges} says, on whatever node a grant was changed; on this node, each change that a
 * history records is seen at once. What is found is never changed: a change begins with {@link Grants}.
 */
@ApplicationScoped
public class KnownGrants {

    /** Bytes of a grant without its texts, as measured in a heap of many. */
    private static final int BYTES = 800;

    @Inject
    Grants grants;

    @Inject
    RowChanges changes;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Resource
    @SuppressWarnings("NullAway.Init") // the server injects it
    TransactionSynchronizationRegistry transactions;

    @SuppressWarnings("NullAway.Init") // made before the first call
    private RowCache<Owner, List<Grant>> known;

    private record Owner(ConnectorId connector, Subject subject) {

        /** Reads what the trigger of the table says: the grant's id, its connector and its subject. */
        static Owner parse(String key) {
            String[] parts = key.split(" ", 3);
            return new Owner(new ConnectorId(parts[1]), new Subject(parts[2]));
        }
    }

    @PostConstruct
    void prepare() {
        known = new RowCache<>(
                changes,
                "user_grant",
                Owner::parse,
                settings.cachedBytes(),
                (owner, all) -> all.stream().mapToInt(KnownGrants::weigh).sum());
    }

    private static int weigh(Grant grant) {
        return BYTES
                + grant.granted().toString().length()
                + weigh(grant.tokens().access())
                + weigh(grant.tokens().refresh());
    }

    private static int weigh(@Nullable Sealed token) {
        return token == null ? 0 : token.length();
    }

    /** Finds as {@link Grants#find(ConnectorId, Subject, String)} does. */
    public Optional<Grant> find(ConnectorId connector, Subject subject, @Nullable String accountId) {
        if (transactions.getTransactionStatus() != Status.STATUS_NO_TRANSACTION) {
            return grants.find(connector, subject, accountId);
        }
        List<Grant> all = known.get(new Owner(connector, subject), owner -> {
            List<Grant> found = grants.ofSubject(owner.connector(), owner.subject());
            return found.isEmpty() ? null : found;
        });
        return all == null ? Optional.empty() : Grants.choose(all, accountId, clock.instant());
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantForgotten event) {
        forget(event.grant());
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantEventRecorded event) {
        forget(event.grant());
    }

    /** Forgets a subject's grants, whose change no history records; to be called after the commit. */
    public void forget(Grant changed) {
        known.forget(new Owner(changed.connector(), changed.subject()));
    }
}
