package dev.grantbook.grant;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.ProviderToken;
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
import org.jspecify.annotations.Nullable;

/** All grants. Reading them changes nothing. */
@ApplicationScoped
@Transactional
public class Grants {

    /** Most ids that {@link #findUnused} returns. */
    private static final int UNUSED_BATCH = 200;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * What an exchange brought.
     *
     * @param subject null while no account is known after a public start
     * @param account null when the provider does not tell
     * @param asked the scopes that were asked for; what the provider granted is in the reply
     * @param providerTokens what came with tokens of its own
     * @param invitation the id of the link that led to it; null for none
     */
    public record Received(
            ConnectorId connector,
            @Nullable Subject subject,
            @Nullable Account account,
            Scopes asked,
            TokenResponse token,
            List<ProviderToken> providerTokens,
            @Nullable String invitation) {

        /** What no link led to. */
        public Received(
                ConnectorId connector,
                @Nullable Subject subject,
                @Nullable Account account,
                Scopes asked,
                TokenResponse token,
                List<ProviderToken> providerTokens) {
            this(connector, subject, account, asked, token, providerTokens, null);
        }

        /** @param id of an invitation; null for none */
        public Received withAttempt(@Nullable String id) {
            return new Received(connector, subject, account, asked, token, providerTokens, id);
        }

        /** Empty when the provider does not tell. */
        public String accountId() {
            return account == null ? "" : account.id();
        }

        /** RFC 6749 section 5.1: a reply without scopes means that all were granted. */
        public Scopes granted() {
            return token.scopes() == null ? asked : token.scopes();
        }
    }

    public Optional<Grant> find(GrantId id) {
        return Optional.ofNullable(entities.find(Grant.class, id.value()));
    }

    /**
     * The grant that stands for a subject.
     *
     * @param accountId which of the subject's accounts; null for the best one: a live one before an ended one, then the
     *     one that changed last
     */
    public Optional<Grant> find(ConnectorId connector, Subject subject, @Nullable String accountId) {
        return ofSubject(connector, subject).stream()
                .filter(grant -> accountId == null || grant.accountId().equals(accountId))
                .min(bestFirst());
    }

    /** The grants that stand for many subjects, asked for in one query; subjects without any are left out. */
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
                .collect(Collectors.toMap(Grant::subject, grant -> grant, BinaryOperator.minBy(bestFirst())));
    }

    /** A live one before an ended one, then the one that changed last. */
    private Comparator<Grant> bestFirst() {
        Instant now = clock.instant();
        return Comparator.comparing((Grant grant) -> !grant.isActive(now))
                .thenComparing(Grant::updatedAt, Comparator.reverseOrder());
    }

    /** Whether a subject has a grant that is active, or waits for its user. */
    public boolean isLive(ConnectorId connector, Subject subject) {
        Instant now = clock.instant();
        return ofSubject(connector, subject).stream().anyMatch(grant -> grant.isLive(now));
    }

    /** The grant as it is now, if it is active and nobody has replaced its access token since it was seen. */
    public Optional<Grant> lockWithTokenOf(Grant seen) {
        return Optional.ofNullable(entities.find(Grant.class, seen.id().value(), LockModeType.PESSIMISTIC_WRITE))
                .filter(grant -> grant.isActive(clock.instant()) && haveSameToken(grant, seen));
    }

    /**
     * Whether nobody has replaced the access token between two looks at a grant; a rotation of keys only seals it anew.
     */
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
     * The access token in clear, for a bot that may have it; where the grant {@linkplain Grant#isSigning signs}, its
     * key, which no bot gets. Empty unless the grant is active, and when the token is too old and another one has to be
     * got first.
     */
    public Optional<Secret> accessToken(Grant grant) {
        Instant now = clock.instant();
        if (!grant.isActive(now) || grant.isOver(now)) {
            return Optional.empty();
        }
        return Optional.ofNullable(grant.tokens().access())
                .map(token -> new Secret(vault.open(token, grant.accessTokenAssociatedData())));
    }

    /**
     * The ids of some grants with tokens that no bot has got since a moment, those that were used longest ago first.
     */
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

    /** How many grants have a stored status, counted up to a limit: beyond that, nobody needs the exact number. */
    public int count(GrantStatus status, int limit) {
        return entities.createQuery("SELECT g.id FROM Grant g WHERE g.status = :status", String.class)
                .setParameter("status", status)
                .setMaxResults(limit)
                .getResultList()
                .size();
    }

    public List<Grant> ofSubject(ConnectorId connector, Subject subject) {
        return entities.createQuery(
                        "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject = :subject", Grant.class)
                .setParameter("connector", connector.value())
                .setParameter("subject", subject.value())
                .getResultList();
    }
}
