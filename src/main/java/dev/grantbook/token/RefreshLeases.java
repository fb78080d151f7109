package dev.grantbook.token;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.SecondaryToken;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.grant.TokenHolder;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantedScopes;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.persistence.LimitedUpdate;
import dev.grantbook.revocation.Revocations;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import dev.grantbook.vault.VaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Leases a token to one caller on one node for a refresh, and stores the result. The lease is in the token's row, so
 * that no transaction is open during the request. A paused owner may have lost its lease; the result is therefore
 * stored only while the row has the refresh token that was used. Each method locks the grant before its secondary
 * tokens.
 */
@ApplicationScoped
@Transactional
class RefreshLeases {

    private static final Logger LOG = Logger.getLogger(RefreshLeases.class.getName());

    private static final Duration UNREADABLE_PAUSE = Duration.ofHours(1);

    /** Most rows of each kind in one round. */
    static final int BATCH = 50;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantedScopes scopes;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    Revocations revocations;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    /**
     * The right to refresh a token.
     *
     * @param grant as it was when the lease was taken
     * @param holder the grant or its secondary token, as it was then
     * @param held the kinds of what came beside the grant's own token
     */
    record RefreshLease(String owner, Grant grant, TokenHolder holder, Secret refreshToken, Set<String> held) {}

    /** Result of {@link #take}. */
    sealed interface Taken {

        record Leased(RefreshLease lease) implements Taken {}

        record LeasedElsewhere(TokenHolder holder) implements Taken {}

        /** No refresh is due, or possible. */
        record Idle(TokenHolder holder) implements Taken {}
    }

    /**
     * @param due whether to refresh; tested once the row is locked, since another caller may have refreshed
     * @param length of the lease, unless it is prolonged
     */
    Taken take(TokenHolder seen, Predicate<TokenHolder> due, Duration length) {
        Instant now = clock.instant();
        Grant grant = entities.find(Grant.class, seen.grantId().value(), LockModeType.PESSIMISTIC_WRITE);
        TokenHolder holder = seen instanceof SecondaryToken
                ? entities.find(SecondaryToken.class, seen.rowId(), LockModeType.PESSIMISTIC_WRITE)
                : grant;
        if (grant == null || holder == null) {
            return new Taken.Idle(seen);
        }
        if (!grant.isActive(now) || !due.test(holder)) {
            return new Taken.Idle(holder);
        }
        Secret refreshToken;
        try {
            refreshToken = refreshToken(holder);
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "no other token for grant {0}: {1}", new Object[] {grant.id(), e.getMessage()});
            // The right keyset may come back; until then, this token must not hold up the round.
            holder.tokens().failRefresh(now.plus(UNREADABLE_PAUSE));
            return new Taken.Idle(holder);
        }
        if (refreshToken == null) {
            return new Taken.Idle(holder);
        }
        String owner = UUID.randomUUID().toString();
        // In SQL, since JPA would increment the version, and a concurrent exchange would fail.
        int taken = LimitedUpdate.query(
                        entities,
                        "UPDATE " + table(holder) + " SET lease_owner = ?, lease_until = ?"
                                + " WHERE id = ? AND (lease_until IS NULL OR lease_until <= ?)",
                        owner,
                        now.plus(length),
                        holder.rowId(),
                        now)
                .executeUpdate();
        return taken == 0
                ? new Taken.LeasedElsewhere(holder)
                : new Taken.Leased(
                        new RefreshLease(owner, grant, holder, refreshToken, secondaryTokens.kinds(grant.id())));
    }

    /** Prolongs a lease; returns false when its owner has lost it. */
    boolean keep(RefreshLease lease, Duration length) {
        return LimitedUpdate.query(
                                entities,
                                "UPDATE " + table(lease.holder()) + " SET lease_until = ?"
                                        + " WHERE id = ? AND lease_owner = ?",
                                clock.instant().plus(length),
                                lease.holder().rowId(),
                                lease.owner())
                        .executeUpdate()
                > 0;
    }

    private static String table(TokenHolder holder) {
        return holder instanceof Grant ? "user_grant" : "secondary_token";
    }

    /**
     * Stores the tokens of a refresh, also when the lease was lost, since a rotated refresh token is the only one that
     * works. Revokes them when the grant has ended meanwhile.
     *
     * @param dialect maps the granted scopes from before to after the refresh
     * @return the holder; empty when it ended or got other tokens meanwhile
     */
    Optional<TokenHolder> store(RefreshLease lease, TokenResponse token, UnaryOperator<Scopes> dialect) {
        Grant grant = lock(lease);
        Instant now = clock.instant();
        if (grant == null || grant.status(now) == GrantStatus.REVOKED) {
            revocations.addLate(lease.grant(), lease.holder(), grant != null, token);
        }
        TokenHolder holder = findCurrent(lease, grant);
        if (grant == null || holder == null || !hasTokenOf(lease, holder)) {
            return Optional.empty();
        }
        Sealed rotated = token.refreshToken() == null
                ? null
                : vault.seal(token.refreshToken().value(), holder.refreshTokenAssociatedData());
        boolean replaced = !holder.rowId().equals(lease.holder().rowId())
                || !holder.tokens().issuedAt().equals(lease.holder().tokens().issuedAt());
        if (replaced) {
            // The user granted again meanwhile and kept this refresh token, so that the stored access token is newer.
            holder.tokens().rotate(rotated);
            return Optional.of(holder);
        }
        Sealed access = vault.seal(token.accessToken().value(), holder.accessTokenAssociatedData());
        Scopes granted = dialect.apply(grant.granted());
        boolean wasExpired = grant.status(now) == GrantStatus.EXPIRED;
        if (holder instanceof Grant) {
            grant.refresh(access, rotated, token.tokenType(), token.expiresIn(), now);
        } else {
            holder.tokens().refresh(access, rotated, token.expiresIn(), now);
        }
        if (wasExpired && holder == grant) {
            // Tells bots, which have received its expiry, that the grant is active again.
            scopes.write(grant, granted);
        } else {
            scopes.change(grant, granted);
        }
        return Optional.of(holder);
    }

    /** @param pause until the next try, by the number of failures in a row before this one */
    TokenHolder fail(RefreshLease lease, IntFunction<Duration> pause) {
        TokenHolder holder = findCurrent(lease, lock(lease));
        if (holder != null && isOwn(lease, holder)) {
            int failures = holder.tokens().refreshFailures();
            holder.tokens().failRefresh(clock.instant().plus(pause.apply(failures)));
        }
        return holder == null ? lease.holder() : holder;
    }

    /**
     * Records that the provider rejects the refresh token, unless the lease was lost: its new owner may have used the
     * refresh token.
     *
     * @param left maps the grant's scopes to those that it has without the secondary token
     */
    TokenHolder refuse(RefreshLease lease, UnaryOperator<Scopes> left) {
        Grant grant = lock(lease);
        TokenHolder holder = findCurrent(lease, grant);
        if (grant == null || holder == null) {
            return lease.holder();
        }
        Instant now = clock.instant();
        if (isOwn(lease, holder)) {
            if (holder instanceof SecondaryToken held) {
                held.refuseRefresh();
                scopes.change(grant, grant.isActive(now) ? left.apply(grant.granted()) : grant.granted());
            } else {
                grant.refuseRefresh();
                history.write(grant, GrantEventKind.REFRESH_FAILED, GrantHistory.PROVIDER, Scopes.NONE, Scopes.NONE);
                if (grant.isOver(now)) {
                    ending.expire(grant);
                }
            }
        }
        return holder;
    }

    /**
     * Finds holders of old tokens that can be refreshed, the oldest first. One that failed is ordered by its next try,
     * so that many failures do not hold up the others.
     *
     * @param secondary whether to include secondary tokens
     */
    List<TokenHolder> findAged(ConnectorId connector, Instant before, boolean secondary) {
        var found = new ArrayList<TokenHolder>(
                findAged(Grant.class, "Grant g", "g", "g.refreshable = TRUE", connector, before));
        if (secondary) {
            found.addAll(findAged(
                    SecondaryToken.class,
                    "SecondaryToken h, Grant g",
                    "h",
                    "h.grantId = g.id AND h.tokens.refresh IS NOT NULL",
                    connector,
                    before));
        }
        return found;
    }

    private <T> List<T> findAged(
            Class<T> type, String from, String holder, String condition, ConnectorId connector, Instant before) {
        String tokens = holder + ".tokens.";
        return entities.createQuery(
                        "SELECT " + holder + " FROM " + from + " WHERE " + condition
                                + " AND g.connector = :connector AND g.status = :active"
                                + " AND " + tokens + "issuedAt <= :before"
                                + " AND (" + tokens + "retryAt IS NULL OR " + tokens + "retryAt <= :now)"
                                + " AND (" + tokens + "leaseUntil IS NULL OR " + tokens + "leaseUntil <= :now)"
                                + " ORDER BY COALESCE(" + tokens + "retryAt, " + tokens + "issuedAt)",
                        type)
                .setParameter("connector", connector.value())
                .setParameter("active", GrantStatus.ACTIVE)
                .setParameter("before", before)
                .setParameter("now", clock.instant())
                .setMaxResults(BATCH)
                .getResultList();
    }

    private @Nullable Grant lock(RefreshLease lease) {
        return entities.find(Grant.class, lease.grant().id().value(), LockModeType.PESSIMISTIC_WRITE);
    }

    /**
     * Finds the leased holder as it is now, and counts a lost lease. A secondary token is found by kind and external
     * id, since another exchange gives it a new row. Null when it is gone.
     */
    private @Nullable TokenHolder findCurrent(RefreshLease lease, @Nullable Grant grant) {
        TokenHolder found = lease.holder() instanceof SecondaryToken leased
                ? secondaryTokens.of(lease.grant().id()).stream()
                        .filter(held -> held.kind().equals(leased.kind()))
                        .filter(held -> held.externalId().equals(leased.externalId()))
                        .findFirst()
                        .orElse(null)
                : grant;
        if (found == null || !found.tokens().isLeasedTo(lease.owner())) {
            Meters.count("leases.lost", "connector", lease.grant().connector().value());
        }
        return found;
    }

    private boolean isOwn(RefreshLease lease, TokenHolder holder) {
        return holder.tokens().isLeasedTo(lease.owner()) && hasTokenOf(lease, holder);
    }

    /** Compares refresh tokens in clear, since a rotation of keys seals them anew. */
    private boolean hasTokenOf(RefreshLease lease, TokenHolder holder) {
        return lease.refreshToken().equals(refreshToken(holder));
    }

    private @Nullable Secret refreshToken(TokenHolder holder) {
        Sealed sealed = holder.tokens().refresh();
        return sealed == null ? null : new Secret(vault.open(sealed, holder.refreshTokenAssociatedData()));
    }
}
