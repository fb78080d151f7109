package dev.grantbook.authorization;

import dev.grantbook.authorization.Attempt.AttemptStatus;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.observability.Trace;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All attempts; each method is one transaction, and none of them waits for a provider. */
@ApplicationScoped
@Transactional
public class Attempts {

    /** How long the chat user may take to confirm. */
    private static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(10);

    /** Discovery and keys, the code, a better token, the ID token's account, permissions, holdings: each may take its time. */
    private static final int CALLS_OF_AN_EXCHANGE = 10;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Grants grants;

    @Inject
    Event<Invitation> refused;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    @Inject
    Settings settings;

    /** A new attempt with the secrets that leave with the browser; they are not kept in clear. */
    record Started(Attempt attempt, Secret state, Secret browser, Secret nonce, Pkce pkce) {}

    Started start(Attempt.Plan plan) {
        String id = UUID.randomUUID().toString();
        Secret state = Secret.random(random);
        Secret browser = Secret.random(random);
        Secret nonce = Secret.random(random);
        Pkce pkce = Pkce.random(random);
        Instant now = clock.instant();
        if (plan.invitation() != null) {
            // A double click starts twice at the same moment, and both must lead on.
            Invitation invitation = invitation(plan.invitation());
            if (invitation.status(now) != Invitation.InvitationStatus.GRANTED) {
                invitation.opened();
            }
        }
        var attempt = new Attempt(
                id,
                plan,
                new Attempt.Hashes(state.hash(), browser.hash(), nonce.hash()),
                vault.seal(pkce.verifier().value(), Attempt.verifierPlace(id)),
                Trace.current(),
                now,
                now.plus(settings.attemptLifetime()));
        entities.persist(attempt);
        return new Started(attempt, state, browser, nonce, pkce);
    }

    private Invitation invitation(String id) {
        return entities.find(Invitation.class, id, LockModeType.PESSIMISTIC_WRITE);
    }

    public Optional<Attempt> find(String id) {
        return Optional.ofNullable(entities.find(Attempt.class, id));
    }

    Optional<Attempt> findByState(Secret state) {
        return entities.createQuery("SELECT a FROM Attempt a WHERE a.stateHash = :hash", Attempt.class)
                .setParameter("hash", state.hash())
                .getResultStream()
                .findFirst();
    }

    /**
     * Claims an attempt for one callback: however many arrive at once, on whatever node, one gets it.
     *
     * @return the verifier; empty when another callback was first, or the attempt is forgotten
     */
    Optional<Pkce> claim(String id) {
        Attempt attempt = entities.find(Attempt.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (attempt == null || attempt.status() != AttemptStatus.STARTED) {
            return Optional.empty();
        }
        Sealed verifier = Objects.requireNonNull(attempt.verifier(), "only an attempt that ended has none");
        Pkce pkce = new Pkce(new Secret(vault.open(verifier, Attempt.verifierPlace(id))));
        attempt.claim(clock.instant().plus(settings.providerTimeout().multipliedBy(CALLS_OF_AN_EXCHANGE)));
        return Optional.of(pkce);
    }

    /**
     * Stores the grant and ends the attempt, both or neither.
     *
     * @return false when the attempt is forgotten: whoever asked for that wants no grant of it either
     */
    boolean granted(String id, Grants.Received received) {
        return granted(id, received, null);
    }

    /**
     * The same, where the chat user hands a code to the bot.
     *
     * @param code shown where the link of an invitation ends; null where no code is asked for
     */
    boolean granted(String id, Grants.Received received, @Nullable ConfirmationCode code) {
        Attempt attempt = entities.find(Attempt.class, id);
        if (attempt == null) {
            return false;
        }
        Invitation invitation = attempt.invitation() == null ? null : invitation(attempt.invitation());
        // A channel that tells us who it was needs no code.
        boolean told = invitation != null && invitation.awaitsConfirmation();
        ConfirmationCode handedOver = told || invitation == null ? null : code;
        Instant confirmBy = told || handedOver != null ? clock.instant().plus(CONFIRMED_WITHIN) : null;
        Grant grant = grants.record(received.ledToBy(attempt.invitation()), "user", confirmBy, handedOver);
        attempt.finish(AttemptStatus.GRANTED, grant.id(), clock.instant());
        if (invitation != null) {
            invitation.granted(grant.id(), clock.instant());
        }
        return true;
    }

    /** Ends the attempt after a refusal; what the subject granted before stays. */
    void denied(String id) {
        find(id).ifPresent(this::denied);
    }

    private void denied(Attempt attempt) {
        Optional<Grant> kept = attempt.subject() == null
                ? Optional.empty()
                : grants.find(attempt.connector(), attempt.subject(), attempt.accountId());
        kept.ifPresent(grant -> grants.refused(grant, attempt.asked()));
        attempt.finish(AttemptStatus.DENIED, kept.map(Grant::id).orElse(null), clock.instant());
        if (attempt.invitation() != null) {
            Invitation invitation = invitation(attempt.invitation());
            invitation.denied();
            refused.fire(invitation);
        }
    }

    void failed(String id, AttemptStatus end) {
        find(id).ifPresent(attempt -> attempt.finish(end, null, clock.instant()));
    }

    /** A handle for the web app that the user goes back to. */
    Secret handOut(String id) {
        Secret handle = Secret.random(random);
        entities.find(Attempt.class, id, LockModeType.PESSIMISTIC_WRITE).handOut(handle);
        return handle;
    }

    /** The attempt behind a handle that was not used yet. */
    Optional<Attempt> findByHandle(Secret handle) {
        return entities.createQuery(
                        "SELECT a FROM Attempt a WHERE a.handleHash = :hash AND a.handleUsed = FALSE", Attempt.class)
                .setParameter("hash", handle.hash())
                .getResultStream()
                .findFirst();
    }

    /**
     * The attempt behind a handle, for the one time that it works.
     *
     * @param mayUse whether the caller may know of this attempt; otherwise the handle stays unused
     */
    public Optional<Attempt> redeem(Secret handle, Predicate<Attempt> mayUse) {
        return entities.createQuery("SELECT a FROM Attempt a WHERE a.handleHash = :hash", Attempt.class)
                .setParameter("hash", handle.hash())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .filter(mayUse)
                .filter(Attempt::useHandle);
    }
}
