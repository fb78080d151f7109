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
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller on one node refresh a token, and stores what came of it. A lease in the token's row keeps the others
 * away while the provider is asked and no transaction is open. The lease alone is no proof: its owner may have stopped
 * for so long that another one took over. So what came back is stored only while the row still has the refresh token
 * that it was got with. The grant is locked first, as by every writer of what came with it.
 */
@ApplicationScoped
@Transactional
class RefreshLeases {

    private static final Logger LOG = Logger.getLogger(RefreshLeases.class.getName());

    private static final Duration UNREADABLE_PAUSE = Duration.ofHours(1);

    /** How many rows of each kind one round takes at once. */
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
     * The right to ask the provider.
     *
     * @param grant as it was when the lease was taken
     * @param holder of the token, as it was then: the grant, or what came with it
     * @param refreshToken what to ask with
     * @param held the kinds of what came beside the grant's own token
     */
    record RefreshLease(String owner, Grant grant, TokenHolder holder, Secret refreshToken, Set<String> held) {}

    /** What became of the wish to refresh. */
    sealed interface Taken {

        /** Go ahead. */
        record Leased(RefreshLease lease) implements Taken {}

        /** Another caller asks the provider at the moment. */
        record LeasedElsewhere(TokenHolder holder) implements Taken {}

        /** There is nothing to do, or nothing to do it with. */
        record Idle(TokenHolder holder) implements Taken {}
    }

    /**
     * Takes the lease.
     *
     * @param due whether it is time for another token; asked once the row is locked, since others may have got it
     * @param length how long the lease holds without a sign of life
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
            // Not for ever: the right keyset may come back. Until then it must not keep others from their turn.
            holder.tokens().failRefresh(now.plus(UNREADABLE_PAUSE));
            return new Taken.Idle(holder);
        }
        if (refreshToken == null) {
            return new Taken.Idle(holder);
        }
        String owner = UUID.randomUUID().toString();
        // In SQL, since JPA would count the version up: a lease must not make an exchange fail.
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

    /**
     * Gives a sign of life of a lease's owner.
     *
     * @return whether the lease is still its own
     */
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
     * Stores what a refresh brought. Also when the lease was lost meanwhile: of a rotating refresh token, this is all
     * that is left. When the grant has ended meanwhile, its provider is notified that these tokens ended with it.
     *
     * @param dialect what the grant may do from now on, by what it could do until now
     * @return the holder; empty when it ended or got other tokens meanwhile, so that these are of no use
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
            // Its user granted again meanwhile, and that left this refresh token in place: what came then is newer.
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
            // Bots that heard that it had expired hear that it is back.
            scopes.write(grant, granted);
        } else {
            scopes.change(grant, granted);
        }
        return Optional.of(holder);
    }

    /**
     * Writes down that no other token could be got this time.
     *
     * @param pause until the next try, by how often in a row it failed before
     */
    TokenHolder fail(RefreshLease lease, RefreshPause pause) {
        TokenHolder holder = findCurrent(lease, lock(lease));
        if (holder != null && isOwn(lease, holder)) {
            int failures = holder.tokens().refreshFailures();
            holder.tokens().failRefresh(clock.instant().plus(pause.after(failures)));
        }
        return holder == null ? lease.holder() : holder;
    }

    /** How long to wait after some failures. */
    interface RefreshPause {
        Duration after(int failures);
    }

    /**
     * Writes down that the provider rejects the refresh token, so that the user is asked for what is missing. Nothing
     * is written when the lease was lost: its new owner may have used the token up, and will find out.
     *
     * @param left what the grant may do without what came with it, by what it could do until now
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
     * Some holders of tokens that are older than that and can be replaced, the oldest first. Those that failed come
     * behind those that have not been tried, so that each has its turn where very many fail.
     *
     * @param secondary whether tokens that came with grants are among them
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
     * What the lease is for, as it is now; null when it is gone. Another exchange gives what comes with a grant another
     * row, also when it leaves the refresh token in place. A lease that was lost is counted.
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

    /** Whether the refresh token is still the one of the lease; a rotation of keys only seals it anew. */
    private boolean hasTokenOf(RefreshLease lease, TokenHolder holder) {
        return lease.refreshToken().equals(refreshToken(holder));
    }

    private @Nullable Secret refreshToken(TokenHolder holder) {
        Sealed sealed = holder.tokens().refresh();
        return sealed == null ? null : new Secret(vault.open(sealed, holder.refreshTokenAssociatedData()));
    }
}
