package dev.grantbook.token;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantEvent.GrantEventKind;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Revocations;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.persistence.LimitedUpdate;
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
 * Who may get other tokens for a grant, and what came of it. A lease in the grant's row lets one caller on one node ask the
 * provider, while no transaction is open. The lease alone is no proof: its holder may have stopped for so long that another
 * one took over. So what came back is kept only when the refresh token in the row is still the one that it was got with.
 */
@ApplicationScoped
@Transactional
public class RefreshLeases {

    private static final Logger LOG = Logger.getLogger(RefreshLeases.class.getName());

    static final Duration UNREADABLE_PAUSE = Duration.ofHours(1);

    /** How many grants one round takes at once. */
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
     * @param held the kinds of what came beside the grant's own token
     */
    public record RefreshLease(String owner, Grant grant, Secret refreshToken, Set<String> held) {}

    /** What became of the wish to get other tokens. */
    public sealed interface Taken {

        /** Go ahead. */
        record Leased(RefreshLease lease) implements Taken {}

        /** Somebody else asks the provider at the moment. */
        record LeasedElsewhere(Grant grant) implements Taken {}

        /** There is nothing to do, or nothing to do it with. */
        record Idle(Grant grant) implements Taken {}
    }

    /**
     * Takes the lease.
     *
     * @param due whether it is time for other tokens; asked once the row is locked, since others may have got them
     * @param length how long the lease holds without a sign of life
     * @return empty when there is no such grant
     */
    public Optional<Taken> take(String id, Predicate<Grant> due, Duration length) {
        return lock(id).map(grant -> take(grant, due, length));
    }

    private Taken take(Grant grant, Predicate<Grant> due, Duration length) {
        Instant now = clock.instant();
        if (!due.test(grant)) {
            return new Taken.Idle(grant);
        }
        Secret refreshToken;
        try {
            refreshToken = grants.open(grant.refreshToken(), grant.refreshTokenPlace());
        } catch (VaultException e) {
            LOG.log(Level.WARNING, "no other token for grant {0}: {1}", new Object[] {grant.id(), e.getMessage()});
            // Not for ever: the right keyset may come back. Until then it must not keep others from their turn.
            grant.refreshFailed(now.plus(UNREADABLE_PAUSE));
            return new Taken.Idle(grant);
        }
        if (refreshToken == null) {
            return new Taken.Idle(grant);
        }
        String owner = UUID.randomUUID().toString();
        // In SQL, since JPA would count the version up: a lease is nobody else's business, and must not make an
        // exchange fail.
        int taken = LimitedUpdate.query(
                        entities,
                        "UPDATE user_grant SET lease_owner = ?, lease_until = ?"
                                + " WHERE id = ? AND (lease_until IS NULL OR lease_until <= ?)",
                        owner,
                        now.plus(length),
                        grant.id(),
                        now)
                .executeUpdate();
        if (taken == 0) {
            return new Taken.LeasedElsewhere(grant);
        }
        return new Taken.Leased(new RefreshLease(owner, grant, refreshToken, holdings.kinds(grant.id())));
    }

    /**
     * Says that the holder of a lease is still at it.
     *
     * @return whether the lease is still its own
     */
    public boolean keep(RefreshLease lease, Duration length) {
        return LimitedUpdate.query(
                                entities,
                                "UPDATE user_grant SET lease_until = ? WHERE id = ? AND lease_owner = ?",
                                clock.instant().plus(length),
                                lease.grant().id(),
                                lease.owner())
                        .executeUpdate()
                > 0;
    }

    /**
     * Keeps what a refresh brought. Also when the lease was lost meanwhile: of a rotating refresh token, this is all that is
     * left. When the grant has ended meanwhile, its provider is told that these tokens ended with it.
     *
     * @param dialect what the new token may do, in the names of requests, by what the grant could do until now
     * @return the grant; empty when it ended or got other tokens meanwhile, so that these are of no use
     */
    public Optional<Grant> storeRefreshed(RefreshLease lease, TokenResponse token, UnaryOperator<Scopes> dialect) {
        Optional<Grant> found = after(lease);
        Optional<Grant> current = found.filter(grant -> holds(grant, lease));
        if (found.isEmpty()) {
            revocations.outlive(lease.grant(), token);
        } else if (current.isEmpty() && hasEnded(found.get())) {
            // What somebody who granted again has got since would end with these at many providers.
            revocations.add(found.get(), token);
        }
        if (current.filter(grant -> !grant.refreshedAt().equals(lease.grant().refreshedAt()))
                .isPresent()) {
            // Its user granted again meanwhile, and that left this refresh token in place: what came then is newer.
            Sealed rotated = seal(token.refreshToken(), current.get().refreshTokenPlace());
            if (rotated != null) {
                current.get().rotate(rotated);
            }
            return current;
        }
        current.ifPresent(grant -> {
            Instant now = clock.instant();
            Scopes before = grant.granted();
            Scopes granted = dialect.apply(before);
            boolean wasExpired = grant.status(now) == GrantStatus.EXPIRED;
            grant.refresh(
                    granted,
                    grants.setOf(grant.connector(), granted),
                    vault.seal(token.accessToken().value(), grant.accessTokenPlace()),
                    seal(token.refreshToken(), grant.refreshTokenPlace()),
                    token.tokenType(),
                    token.expiresIn(),
                    now);
            // Whoever was told that it had expired is told that it is back.
            if (wasExpired || !before.tokens().equals(granted.tokens())) {
                grants.write(grant, GrantEventKind.CHANGED, Grants.PROVIDER, before.plus(granted), granted);
            }
        });
        return current;
    }

    /**
     * Writes down that no other token could be got this time.
     *
     * @param pause until the next try, by how often in a row it failed before
     */
    public Grant recordFailure(RefreshLease lease, RefreshPause pause) {
        Grant grant = after(lease).orElse(lease.grant());
        if (isOwn(grant, lease)) {
            grant.refreshFailed(clock.instant().plus(pause.after(grant.refreshFailures())));
        }
        return grant;
    }

    /** How long to wait after some failures. */
    public interface RefreshPause {
        Duration after(int failures);
    }

    /**
     * Writes down that the provider takes the refresh token no more. Nothing is written when the lease was lost: whoever
     * has it now may have used the token up, and will tell.
     */
    public Grant recordRefusal(RefreshLease lease) {
        Grant grant = after(lease).orElse(lease.grant());
        if (isOwn(grant, lease)) {
            grant.refreshRefused();
            grants.write(grant, GrantEventKind.REFRESH_FAILED, Grants.PROVIDER, Scopes.NONE, Scopes.NONE);
            if (grant.isOver(clock.instant())) {
                grants.expire(grant);
            }
        }
        return grant;
    }

    /**
     * The ids of some grants whose tokens are older than that and can be replaced, the oldest first. Those that failed come behind
     * those that nobody has tried, or nobody would ever have a turn where very many fail.
     */
    public List<String> findAged(String connector, Instant before) {
        Instant now = clock.instant();
        return entities.createQuery(
                        "SELECT g.id FROM Grant g WHERE g.connector = :connector AND g.refreshable = TRUE"
                                + " AND g.status = :active AND g.refreshedAt <= :before"
                                + " AND (g.retryAt IS NULL OR g.retryAt <= :now)"
                                + " AND (g.leaseUntil IS NULL OR g.leaseUntil <= :now)"
                                + " ORDER BY COALESCE(g.retryAt, g.refreshedAt)",
                        String.class)
                .setParameter("connector", connector)
                .setParameter("active", GrantStatus.ACTIVE)
                .setParameter("before", before)
                .setParameter("now", now)
                .setMaxResults(BATCH)
                .getResultList();
    }

    private boolean hasEnded(Grant grant) {
        return grant.status(clock.instant()) == GrantStatus.REVOKED;
    }

    private Optional<Grant> lock(String id) {
        return Optional.ofNullable(entities.find(Grant.class, id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** The grant after the provider was asked. A lease that somebody else took over, or ended, is counted. */
    private Optional<Grant> after(RefreshLease lease) {
        Optional<Grant> found = lock(lease.grant().id());
        if (found.filter(grant -> lease.owner().equals(grant.leaseOwner())).isEmpty()) {
            Meters.count("leases.lost", "connector", lease.grant().connector());
        }
        return found;
    }

    /** Nothing else has changed its tokens since the lease was taken; a rotation of keys only seals them anew. */
    private boolean holds(Grant grant, RefreshLease lease) {
        return lease.refreshToken().equals(grants.open(grant.refreshToken(), grant.refreshTokenPlace()));
    }

    private boolean isOwn(Grant grant, RefreshLease lease) {
        return lease.owner().equals(grant.leaseOwner()) && holds(grant, lease);
    }

    private @Nullable Sealed seal(@Nullable Secret token, String place) {
        return token == null ? null : vault.seal(token.value(), place);
    }
}
