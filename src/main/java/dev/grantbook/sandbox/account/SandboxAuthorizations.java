package dev.grantbook.sandbox.account;

import dev.grantbook.oauth.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All authorizations of all emulated providers. */
@ApplicationScoped
@Transactional
public class SandboxAuthorizations {

    /** RFC 6749 section 4.1.2 recommends at most this. */
    static final Duration CODE_LIFETIME = Duration.ofMinutes(10);

    /** Mixin keeps one for as long. */
    public static final Duration LIFETIME = Duration.ofDays(365);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    /** Stores the decision and issues a code for it. */
    public Secret issue(SandboxAuthorization.Consent consent) {
        var now = clock.instant();
        entities.createQuery("DELETE FROM SandboxAuthorization a WHERE a.expiresAt <= :now")
                .setParameter("now", now)
                .executeUpdate();
        Secret code = Secret.random(random);
        entities.persist(
                new SandboxAuthorization(UUID.randomUUID().toString(), consent, code, now, now.plus(CODE_LIFETIME)));
        return code;
    }

    /** Uses a code up; empty when it is unknown, used, expired or another client's. */
    public Optional<SandboxAuthorization> take(String provider, String clientId, Secret code) {
        var found = entities.createQuery(
                        "SELECT a FROM SandboxAuthorization a WHERE a.codeHash = :code", SandboxAuthorization.class)
                .setParameter("code", code.hash())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .filter(authorization -> authorization.isLive(provider, clock.instant())
                        && authorization.clientId().equals(clientId));
        found.ifPresent(SandboxAuthorization::take);
        return found;
    }

    /** Issues the one token of an authorization whose code was taken. */
    public Secret grant(SandboxAuthorization taken) {
        return grant(taken, SandboxToken.ACCESS, LIFETIME);
    }

    /**
     * Issues one more token.
     *
     * @param kind {@link SandboxToken#ACCESS}, {@link SandboxToken#REFRESH}, or one of the dialect
     * @param lifetime a year at most
     */
    public Secret grant(SandboxAuthorization taken, String kind, Duration lifetime) {
        Instant now = clock.instant();
        entities.find(SandboxAuthorization.class, taken.id()).keep(now.plus(LIFETIME));
        Secret token = Secret.random(random);
        entities.persist(new SandboxToken(token, taken.id(), kind, now.plus(lifetime)));
        return token;
    }

    /** Binds an authorization whose code was taken to the key that will sign its calls. */
    public void bind(SandboxAuthorization taken, String publicKey) {
        entities.find(SandboxAuthorization.class, taken.id()).bind(publicKey);
        grant(taken, SandboxToken.KEY, LIFETIME);
    }

    /** Finds the authorization that a signed call names; empty when it has ended, or its calls are not signed. */
    public Optional<SandboxAuthorization> signing(String provider, String id) {
        return Optional.ofNullable(entities.find(SandboxAuthorization.class, id))
                .filter(authorization ->
                        authorization.publicKey() != null && authorization.isLive(provider, clock.instant()));
    }

    /** Finds the authorization of an access token; empty when the token is dead. */
    public Optional<SandboxAuthorization> find(String provider, Secret token) {
        return find(provider, SandboxToken.ACCESS, token);
    }

    /** Finds the authorization of a token; empty when the token is dead or of another kind. */
    public Optional<SandboxAuthorization> find(String provider, String kind, Secret token) {
        return find(provider, kind, entities.find(SandboxToken.class, token.hash()));
    }

    /** Finds the authorization of a token and uses the token up: a rotating refresh token works once. */
    public Optional<SandboxAuthorization> spend(String provider, String kind, Secret token) {
        SandboxToken known = entities.find(SandboxToken.class, token.hash(), LockModeType.PESSIMISTIC_WRITE);
        Optional<SandboxAuthorization> held = find(provider, kind, known);
        if (known != null && held.isPresent()) {
            known.spend();
        }
        return held;
    }

    private Optional<SandboxAuthorization> find(String provider, String kind, @Nullable SandboxToken token) {
        Instant now = clock.instant();
        return Optional.ofNullable(token)
                .filter(known -> known.isLive(kind, now))
                .map(known -> entities.find(SandboxAuthorization.class, known.authorizationId()))
                .filter(authorization -> authorization.isLive(provider, now));
    }

    /** Ends one token; the others of its authorization live on. */
    public void end(Secret token) {
        Optional.ofNullable(entities.find(SandboxToken.class, token.hash())).ifPresent(entities::remove);
    }

    /** Ends an authorization and all of its tokens. */
    public void end(SandboxAuthorization authorization) {
        Optional.ofNullable(entities.find(SandboxAuthorization.class, authorization.id()))
                .ifPresent(entities::remove);
    }

    /** Lists the live authorizations of an account, the newest first. */
    public List<SandboxAuthorization> of(String provider, SandboxAccount account) {
        return entities.createQuery(
                        "SELECT a FROM SandboxAuthorization a WHERE a.provider = :provider AND a.account = :account"
                                + " AND EXISTS (SELECT t.hash FROM SandboxToken t WHERE t.authorizationId = a.id"
                                + " AND t.expiresAt > :now) ORDER BY a.createdAt DESC",
                        SandboxAuthorization.class)
                .setParameter("provider", provider)
                .setParameter("account", account)
                .setParameter("now", clock.instant())
                .getResultList();
    }

    /** Ends everything that the account granted to this bot, without notifying the bot. */
    public void revoke(String provider, SandboxAccount account, String clientId) {
        findGranted(provider, account, clientId).forEach(entities::remove);
    }

    /** Withdraws one permission without notifying the bot; its tokens live on. */
    public void withdraw(String provider, SandboxAccount account, String clientId, String scope) {
        findGranted(provider, account, clientId).forEach(authorization -> authorization.withdraw(scope));
    }

    private List<SandboxAuthorization> findGranted(String provider, SandboxAccount account, String clientId) {
        return entities.createQuery(
                        "SELECT a FROM SandboxAuthorization a WHERE a.provider = :provider AND a.account = :account",
                        SandboxAuthorization.class)
                .setParameter("provider", provider)
                .setParameter("account", account)
                .getResultStream()
                // Compared here, since a browser sent it: PostgreSQL rejects a text that holds a NUL.
                .filter(authorization -> authorization.clientId().equals(clientId))
                .toList();
    }
}
