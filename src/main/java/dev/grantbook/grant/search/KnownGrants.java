package dev.grantbook.grant.search;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.PackedGrant;
import dev.grantbook.grant.PackedGrant.OfSubject;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.grant.lifecycle.GrantEnding.GrantForgotten;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.changes.RowCache;
import dev.grantbook.platform.changes.RowChanges;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.persistence.CommittedRows;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The grants that were asked for lately, in memory, their tokens sealed as in the database. For questions whose answer
 * may be as old as {@link RowChanges} says, on whatever node a grant was changed; on this node, each change that a
 * history records is seen at once. What is found is never changed: a change begins with {@link Grants}.
 */
@ApplicationScoped
public class KnownGrants {

    /** Bytes of an entry without its key's text and its grants, as measured in a heap of many. */
    private static final int ENTRY = 160;

    private static final String READ =
            "SELECT " + PackedGrant.COLUMNS + " FROM user_grant WHERE subject IN %s AND connector = ?";

    @Inject
    Grants grants;

    @Inject
    CommittedRows rows;

    @Inject
    RowChanges changes;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Resource
    @SuppressWarnings("NullAway.Init") // the server injects it
    TransactionSynchronizationRegistry transactions;

    /** By connector and subject, separated by a space: one text, since there may be many. */
    @SuppressWarnings("NullAway.Init") // made before the first call
    private RowCache<String, List<PackedGrant>> known;

    @PostConstruct
    void prepare() {
        known = new RowCache<>(
                changes,
                "user_grant",
                // The trigger of the table says the grant's id, its connector and its subject.
                change -> change.substring(change.indexOf(' ') + 1),
                settings.cachedBytes(),
                (key, all) -> ENTRY
                        + key.length()
                        + all.stream().mapToInt(PackedGrant::weight).sum());
    }

    private static String key(ConnectorId connector, Subject subject) {
        return connector.value() + " " + subject.value();
    }

    /** Finds as {@link Grants#find(ConnectorId, Subject, String)} does. */
    public Optional<Grant> find(ConnectorId connector, Subject subject, @Nullable String accountId) {
        if (isInTransaction()) {
            return grants.find(connector, subject, accountId);
        }
        String key = key(connector, subject);
        List<PackedGrant> all =
                known.get(key, missing -> read(connector, Set.of(subject)).get(missing));
        return Optional.ofNullable(all).flatMap(packed -> choose(subject, packed, accountId));
    }

    /** Finds as {@link Grants#find(ConnectorId, Collection)} does. */
    public Map<Subject, Grant> find(ConnectorId connector, Collection<Subject> subjects) {
        if (isInTransaction()) {
            return grants.find(connector, subjects);
        }
        var wanted = new HashMap<String, Subject>();
        subjects.forEach(subject -> wanted.put(key(connector, subject), subject));
        var found = new HashMap<Subject, Grant>();
        known.getAll(
                        wanted.keySet(),
                        missing -> read(
                                connector, missing.stream().map(wanted::get).toList()))
                .forEach((key, all) -> {
                    Subject subject = Objects.requireNonNull(wanted.get(key));
                    choose(subject, all, null).ifPresent(grant -> found.put(subject, grant));
                });
        return found;
    }

    private boolean isInTransaction() {
        return transactions.getTransactionStatus() != Status.STATUS_NO_TRANSACTION;
    }

    private Optional<Grant> choose(Subject subject, List<PackedGrant> packed, @Nullable String accountId) {
        List<Grant> all = packed.stream().map(grant -> grant.unpack(subject)).toList();
        return Grants.choose(all, accountId, clock.instant());
    }

    private Map<String, List<PackedGrant>> read(ConnectorId connector, Collection<Subject> subjects) {
        var values = new ArrayList<String>(TypedId.values(subjects));
        values.add(connector.value());
        return rows.read(READ.formatted(LimitedUpdate.marks(subjects)), values, OfSubject::read).stream()
                .collect(Collectors.groupingBy(
                        row -> key(connector, row.subject()),
                        Collectors.mapping(OfSubject::grant, Collectors.toUnmodifiableList())));
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantForgotten event) {
        forget(event.grant());
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantEventRecorded event) {
        forget(event.grant());
    }

    /** Forgets a subject's grants, whose change no history records; to be called after the commit. */
    public void forget(Grant changed) {
        known.forget(key(changed.connector(), changed.subject()));
    }
}
