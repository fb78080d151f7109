package dev.grantbook.token;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantEvent.GrantEventKind;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Revocations;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which node may get another token for a holding, and what came of it; {@link RefreshLeases} does the same for grants. The row of
 * the grant is locked first, as by everyone who writes its holdings, and no transaction is open while the provider is asked.
 * What came back is kept only when the refresh token in the row is still the one that it was got with.
 */
@ApplicationScoped
@Transactional
public class SecondaryRefreshLeases {

    /** How many holdings one round takes at once. */
    static final int BATCH = 50;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Grants grants;

    @Inject
    SecondaryTokens holdings;

    @Inject
    Revocations revocations;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * The right to ask the provider.
     *
     * @param grant as it was when the lease was taken
     * @param refreshToken what to ask with
     */
    public record SecondaryRefreshLease(String owner, Grant grant, SecondaryToken holding, Secret refreshToken) {}

    /**
     * Takes the lease.
     *
     * @param due whether it is time for another token; asked once the row is locked, since others may have got it
     * @param length how long the lease holds; longer than the provider may take
     * @return empty when there is nothing to do, or another caller asks the provider at the moment
     */
    public Optional<SecondaryRefreshLease> take(SecondaryToken seen, Predicate<SecondaryToken> due, Duration length) {
        Instant now = clock.instant();
        Grant grant = entities.find(Grant.class, seen.grantId(), LockModeType.PESSIMISTIC_WRITE);
        SecondaryToken holding = entities.find(SecondaryToken.class, seen.id(), LockModeType.PESSIMISTIC_WRITE);
        boolean free = grant != null
                && holding != null
                && grant.status(now) == GrantStatus.ACTIVE
                && due.test(holding)
                && !holding.isLeased(now);
        if (!free) {
            return Optional.empty();
        }
        Optional<Secret> refreshToken = holdings.refreshToken(holding);
        if (refreshToken.isEmpty()) {
            // Not for ever: the right keyset may come back.
            holding.refreshFailed(now.plus(RefreshLeases.UNREADABLE_PAUSE));
            return Optional.empty();
        }
        String owner = UUID.randomUUID().toString();
        holding.lease(owner, now.plus(length));
        return Optional.of(new SecondaryRefreshLease(owner, grant, holding, refreshToken.get()));
    }

    /**
     * Keeps what a refresh brought. When the holding is gone with its grant meanwhile, the provider is told that these tokens
     * ended with it. When its user granted again meanwhile, and that left this refresh token in place, what came then is
     * newer, and only the refresh token changes.
     *
     * @param dialect what the grant may do from now on, by what it could do until now
     */
    public void storeRefreshed(SecondaryRefreshLease lease, TokenResponse token, UnaryOperator<Scopes> dialect) {
        Grant grant = entities.find(Grant.class, lease.grant().id(), LockModeType.PESSIMISTIC_WRITE);
        SecondaryToken holding = current(lease);
        if (grant == null || grant.status(clock.instant()) == GrantStatus.REVOKED) {
            revocations.addOfHolding(lease.grant(), grant != null, token);
        } else if (holding != null) {
            String id = holding.id();
            Sealed rotated = token.refreshToken() == null
                    ? null
                    : vault.seal(token.refreshToken().value(), SecondaryToken.refreshTokenPlace(id));
            if (!id.equals(lease.holding().id())) {
                if (rotated != null) {
                    holding.rotate(rotated);
                }
                return;
            }
            holding.refresh(
                    vault.seal(token.accessToken().value(), SecondaryToken.tokenPlace(id)),
                    rotated,
                    token.expiresIn(),
                    clock.instant());
            change(grant, dialect.apply(grant.granted()));
        }
    }

    /**
     * Writes down that no other token could be got this time.
     *
     * @param pause until the next try, by how often in a row it failed before
     */
    public void recordFailure(SecondaryRefreshLease lease, RefreshLeases.RefreshPause pause) {
        entities.find(Grant.class, lease.grant().id(), LockModeType.PESSIMISTIC_WRITE);
        SecondaryToken holding = current(lease);
        if (holding != null && holding.isLeasedTo(lease.owner())) {
            holding.refreshFailed(clock.instant().plus(pause.after(holding.refreshFailures())));
        }
    }

    /**
     * Writes down that the provider takes the refresh token no more, so that the user is asked for what is missing.
     *
     * @param left what the grant may do without this holding, by what it could do until now
     */
    public void recordRefusal(SecondaryRefreshLease lease, UnaryOperator<Scopes> left) {
        Grant grant = entities.find(Grant.class, lease.grant().id(), LockModeType.PESSIMISTIC_WRITE);
        SecondaryToken holding = current(lease);
        if (grant != null && holding != null && holding.isLeasedTo(lease.owner())) {
            holding.refreshRefused();
            if (grant.status(clock.instant()) == GrantStatus.ACTIVE) {
                change(grant, left.apply(grant.granted()));
            }
        }
    }

    /** Some holdings whose tokens are older than that and can be replaced, the oldest first. */
    public List<SecondaryToken> findAged(String connector, Instant before) {
        return entities.createQuery(
                        "SELECT h FROM SecondaryToken h, Grant g WHERE h.grantId = g.id AND g.connector = :connector"
                                + " AND g.status = :active AND h.refreshToken IS NOT NULL AND h.updatedAt <= :before"
                                + " AND (h.retryAt IS NULL OR h.retryAt <= :now)"
                                + " AND (h.leaseUntil IS NULL OR h.leaseUntil <= :now)"
                                + " ORDER BY COALESCE(h.retryAt, h.updatedAt)",
                        SecondaryToken.class)
                .setParameter("connector", connector)
                .setParameter("active", GrantStatus.ACTIVE)
                .setParameter("before", before)
                .setParameter("now", clock.instant())
                .setMaxResults(BATCH)
                .getResultList();
    }

    /**
     * Null when it is gone, or has got another refresh token since the lease was taken. Another exchange gives it another row,
     * also when it leaves the refresh token in place.
     */
    private @Nullable SecondaryToken current(SecondaryRefreshLease lease) {
        return entities.createQuery(
                        "SELECT h FROM SecondaryToken h WHERE h.grantId = :grant AND h.kind = :kind AND h.externalId = :id",
                        SecondaryToken.class)
                .setParameter("grant", lease.holding().grantId())
                .setParameter("kind", lease.holding().kind())
                .setParameter("id", lease.holding().externalId())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .filter(holding -> holdings.refreshToken(holding)
                        .filter(lease.refreshToken()::equals)
                        .isPresent())
                .findFirst()
                .orElse(null);
    }

    private void change(Grant grant, Scopes scopes) {
        Scopes before = grant.granted();
        if (!before.equals(scopes)) {
            grant.change(scopes, grants.setOf(grant.connector(), scopes), clock.instant());
            grants.write(grant, GrantEventKind.CHANGED, Grants.PROVIDER, before.plus(scopes), scopes);
        }
    }
}
