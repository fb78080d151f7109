package dev.grantbook.sandbox;

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
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All authorizations of all emulated providers. */
@ApplicationScoped
@Transactional
class SandboxAuthorizations {

    /** RFC 6749 section 4.1.2 recommends at most this. */
    static final Duration CODE_LIFETIME = Duration.ofMinutes(10);

    /** As long as Mixin keeps one. */
    static final Duration LIFETIME = Duration.ofDays(365);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    /** Keeps what the user decided, and gives out a code for it. */
    Secret issue(SandboxAuthorization.Consent consent) {
        var now = clock.instant();
        entities.createQuery("DELETE FROM SandboxAuthorization a WHERE a.expiresAt <= :now")
                .setParameter("now", now)
                .executeUpdate();
        Secret code = Secret.random(random);
        entities.persist(
                new SandboxAuthorization(UUID.randomUUID().toString(), consent, code, now, now.plus(CODE_LIFETIME)));
        return code;
    }

    /** Uses a code up, and says what it stands for; empty when it is unknown, used, too old or another client's. */
    Optional<SandboxAuthorization> take(String provider, String clientId, Secret code) {
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

    /** A token for an authorization whose code was taken. */
    Secret grant(SandboxAuthorization taken) {
        Secret token = Secret.random(random);
        entities.find(SandboxAuthorization.class, taken.id())
                .grant(token, clock.instant().plus(LIFETIME));
        return token;
    }

    /** Empty when the token is dead. */
    Optional<SandboxAuthorization> find(String provider, Secret token) {
        return entities.createQuery(
                        "SELECT a FROM SandboxAuthorization a WHERE a.tokenHash = :token", SandboxAuthorization.class)
                .setParameter("token", token.hash())
                .getResultStream()
                .findFirst()
                .filter(authorization -> authorization.isLive(provider, clock.instant()));
    }

    /** What an account has granted and not revoked, the newest first. */
    List<SandboxAuthorization> of(String provider, SandboxAccount account) {
        return entities.createQuery(
                        "SELECT a FROM SandboxAuthorization a WHERE a.provider = :provider AND a.account = :account"
                                + " AND a.tokenHash IS NOT NULL AND a.expiresAt > :now ORDER BY a.createdAt DESC",
                        SandboxAuthorization.class)
                .setParameter("provider", provider)
                .setParameter("account", account)
                .setParameter("now", clock.instant())
                .getResultList();
    }

    /** Everything that the account granted to this bot ends, whichever token it was. The bot is not told. */
    void revoke(String provider, SandboxAccount account, String clientId) {
        entities.createQuery(
                        "SELECT a FROM SandboxAuthorization a WHERE a.provider = :provider AND a.account = :account",
                        SandboxAuthorization.class)
                .setParameter("provider", provider)
                .setParameter("account", account)
                .getResultStream()
                // What a visitor typed is compared here: PostgreSQL refuses a text that holds a zero.
                .filter(authorization -> authorization.clientId().equals(clientId))
                .forEach(entities::remove);
    }
}
