package dev.grantbook.grant;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All grants. Reading them changes nothing. */
@ApplicationScoped
public class Grants {

    private static final int UNUSED_BATCH = 200;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    @Transactional
    public Optional<Grant> find(GrantId id) {
        return Optional.ofNullable(entities.find(Grant.class, id.value()));
    }

    /** @param accountId null for the best grant: an active one before others, then the one that changed last */
    @Transactional
    public Optional<Grant> find(ConnectorId connector, Subject subject, @Nullable String accountId) {
        return choose(ofSubject(connector, subject), accountId, clock.instant());
    }

    /** Chooses among the grants of a subject as {@link #find(ConnectorId, Subject, String)} does. */
    public static Optional<Grant> choose(List<Grant> all, @Nullable String accountId, Instant now) {
        return all.stream()
                .filter(grant -> accountId == null || grant.accountId().equals(accountId))
                .min(bestFirst(now));
    }

    /** Finds the best grant of each subject in one query; subjects without a grant are left out. */
    @Transactional
    public Map<Subject, Grant> find(ConnectorId connector, Collection<Subject> subjects) {
        if (subjects.isEmpty()) {
            return Map.of();
        }
        List<Grant> all = entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject IN :subjects", Grant.class)
                .setParameter("connector", connector.value())
                .setParameter("subjects", TypedId.values(subjects))
                .getResultList();
        return all.stream()
                .collect(Collectors.toMap(
                        Grant::subject, grant -> grant, BinaryOperator.minBy(bestFirst(clock.instant()))));
    }

    private static Comparator<Grant> bestFirst(Instant now) {
        return Comparator.comparing((Grant grant) -> !grant.isActive(now))
                .thenComparing(Grant::updatedAt, Comparator.reverseOrder())
                .thenComparing(grant -> grant.id().value());
    }

    /** Whether a subject has an active or unconfirmed grant. */
    @Transactional
    public boolean isLive(ConnectorId connector, Subject subject) {
        Instant now = clock.instant();
        return ofSubject(connector, subject).stream().anyMatch(grant -> grant.isLive(now));
    }

    /** Locks the grant if it is active and has the access token that was seen. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<Grant> lockWithTokenOf(Grant seen) {
        return Optional.ofNullable(entities.find(Grant.class, seen.id().value(), LockModeType.PESSIMISTIC_WRITE))
                .filter(grant -> grant.isActive(clock.instant()) && haveSameToken(grant, seen));
    }

    /** Whether two reads of a grant have the same access token, also when a key rotation has sealed it anew. */
    public boolean haveSameToken(Grant one, Grant other) {
        Sealed its = one.tokens().access();
        Sealed others = other.tokens().access();
        if (its == null || others == null) {
            return false;
        }
        return its.equals(others)
                || vault.open(its, one.accessTokenAssociatedData())
                        .equals(vault.open(others, other.accessTokenAssociatedData()));
    }

    /**
     * Opens the access token, or the key of a grant that {@linkplain Grant#isSigning signs}, which no bot gets. Empty
     * unless the grant is active and the token has not expired.
     */
    public Optional<Secret> accessToken(Grant grant) {
        Instant now = clock.instant();
        if (!grant.isActive(now) || grant.isOver(now)) {
            return Optional.empty();
        }
        return Optional.ofNullable(grant.tokens().access())
                .map(token -> new Secret(vault.open(token, grant.accessTokenAssociatedData())));
    }

    /** Finds some grants that no bot has used since a moment, the longest unused first. */
    @Transactional
    public List<GrantId> findUnused(ConnectorId connector, Instant since) {
        return entities.createQuery(
                        "SELECT g.id FROM Grant g WHERE g.connector = :connector AND g.usedAt < :since ORDER BY g.usedAt",
                        String.class)
                .setParameter("connector", connector.value())
                .setParameter("since", since)
                .setMaxResults(UNUSED_BATCH)
                .getResultStream()
                .map(GrantId::new)
                .toList();
    }

    /** Counts the grants with each stored status, at most up to a limit, in one statement. */
    @Transactional
    public Map<GrantStatus, Integer> count(int limit) {
        String counts = Stream.of(GrantStatus.values())
                .map(status -> ("SELECT '%1$s', COUNT(*) FROM (SELECT id FROM user_grant WHERE status = '%1$s'"
                                + " FETCH FIRST %2$d ROWS ONLY) %1$s")
                        .formatted(status, limit))
                .collect(Collectors.joining(" UNION ALL "));
        List<?> rows = entities.createNativeQuery(counts).getResultList();
        return rows.stream()
                .map(Object[].class::cast)
                .collect(Collectors.toMap(
                        row -> GrantStatus.valueOf((String) row[0]), row -> ((Number) row[1]).intValue()));
    }

    @Transactional
    public List<Grant> ofSubject(ConnectorId connector, Subject subject) {
        return entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject = :subject", Grant.class)
                .setParameter("connector", connector.value())
                .setParameter("subject", subject.value())
                .getResultList();
    }
}
