package dev.grantbook.authorization.attempt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.grantbook.access.AccessQuestion.Freshness;
import dev.grantbook.authorization.attempt.Attempt.AttemptStatus;
import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.invitation.Invitations.InvitationWithGrant;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
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
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All attempts; each method is one transaction, and none calls a provider. */
@ApplicationScoped
@Transactional
public class Attempts {

    /** How long the chat user may take to confirm. */
    private static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(10);

    /** Discovery, keys, code, a longer-lived token, account, permissions, secondary tokens; each has its time-out. */
    private static final int CALLS_OF_AN_EXCHANGE = 10;

    /** So many attempts and so long, a node remembers what it started. */
    private static final int REMEMBERED = 2000;

    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

    @PersistenceContext
    EntityManager entities;

    /** By their state's hash; the database decides whether such an attempt is still there and unclaimed. */
    private final Cache<String, Attempt> startedHere = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .executor(Runnable::run)
            .build();

    @Inject
    Vault vault;

    @Inject
    Connectors connectors;

    @Inject
    Invitations invitations;

    @Inject
    Grants grants;

    @Inject
    AttemptDecisions decisions;

    @Inject
    GrantIssuing issuing;

    @Inject
    Event<Invitation> refused;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    @Inject
    Settings settings;

    /** A new attempt with the secrets that leave with the browser, of which hashes and a sealed verifier are kept. */
    public record Started(Attempt attempt, Secret state, Secret browser, Secret nonce, Pkce pkce) {}

    /** Result of {@link #open}. */
    public sealed interface InvitationStart {

        /** @param asksAgain whether the subject has a grant already */
        record Opened(Started started, Connector connector, boolean asksAgain) implements InvitationStart {}

        /** Nothing was started. */
        record NotOpened(Outcome outcome) implements InvitationStart {}
    }

    /** Starts an attempt of an open invitation. A double click starts two, and both lead on. */
    public InvitationStart open(Secret token) {
        Instant now = clock.instant();
        Optional<InvitationWithGrant> found =
                invitations.findWithGrant(token).filter(one -> one.invitation().isOpen(now));
        if (found.isEmpty()) {
            return new InvitationStart.NotOpened(Outcome.LINK_ENDED);
        }
        Invitation invitation = found.get().invitation();
        Trace.follow(invitation.trace());
        Optional<Connector> open = connectors.find(invitation.connector()).filter(Connector::enabled);
        if (open.isEmpty()) {
            return new InvitationStart.NotOpened(Outcome.CLOSED);
        }
        Connector connector = open.get();
        Optional<Grant> known = Optional.ofNullable(found.get().grant());
        Scopes asked = connector.collectScopes(
                connector.need(invitation.features(), invitation.scopes()), known.map(Grant::granted));
        var plan = new Attempt.Plan(
                invitation.connector(),
                invitation.id(),
                invitation.subject(),
                invitation.accountId(),
                invitation.features(),
                invitation.scopes(),
                asked,
                invitation.returnTo(),
                invitation.locale(),
                0);
        // Locks the invitation before the attempt, as an erasure does.
        return invitations.recordOpening(invitation.id())
                ? new InvitationStart.Opened(begin(plan), connector, known.isPresent())
                : new InvitationStart.NotOpened(Outcome.LINK_ENDED);
    }

    public Started start(Attempt.Plan plan) {
        if (plan.invitation() != null) {
            invitations.recordOpening(plan.invitation());
        }
        return begin(plan);
    }

    private Started begin(Attempt.Plan plan) {
        String id = UUID.randomUUID().toString();
        Secret state = Secret.random(random);
        Secret browser = Secret.random(random);
        Secret nonce = Secret.random(random);
        Pkce pkce = Pkce.random(random);
        Instant now = clock.instant();
        var attempt = new Attempt(
                id,
                plan,
                new Attempt.Hashes(state.hash(), browser.hash(), nonce.hash()),
                vault.seal(pkce.verifier().value(), Attempt.verifierAssociatedData(id)),
                Trace.current(),
                now,
                now.plus(settings.attempts().lifetime()));
        entities.persist(attempt);
        startedHere.put(state.hash(), attempt);
        return new Started(attempt, state, browser, nonce, pkce);
    }

    private Invitation invitation(String id) {
        return entities.find(Invitation.class, id, LockModeType.PESSIMISTIC_WRITE);
    }

    public Optional<Attempt> find(String id) {
        return Optional.ofNullable(entities.find(Attempt.class, id));
    }

    /** An attempt with the grant of {@link Attempt#grantId}, null for none. */
    public record AttemptWithGrant(
            Attempt attempt, @Nullable Grant grant) {}

    public Optional<AttemptWithGrant> findWithGrant(String id) {
        return entities.createQuery(
                        "SELECT a, g FROM Attempt a LEFT JOIN Grant g ON g.id = a.grantId WHERE a.id = :id",
                        Object[].class)
                .setParameter("id", id)
                .getResultStream()
                .map(row -> new AttemptWithGrant((Attempt) row[0], (Grant) row[1]))
                .findFirst();
    }

    /** Result of {@link #claim}. */
    public sealed interface CallbackClaim {

        /** This callback alone exchanges the code. */
        record ClaimedAttempt(Attempt attempt, Connector connector, Secret browser, Pkce pkce)
                implements CallbackClaim {}

        record RefusedCallback(CallbackResult result) implements CallbackClaim {}
    }

    /**
     * Claims the attempt of a state for one callback of all nodes.
     *
     * @param connectorId of the callback; null for the shared one
     * @param shown the browser's cookie for an attempt's id
     */
    public CallbackClaim claim(
            @Nullable ConnectorId connectorId, Secret state, Function<String, Optional<Secret>> shown) {
        Attempt remembered = startedHere.asMap().remove(state.hash());
        return remembered != null
                        && claim(connectorId, Optional.of(remembered), shown)
                                instanceof CallbackClaim.ClaimedAttempt mine
                ? mine
                : claim(connectorId, lock(state), shown);
    }

    private Optional<Attempt> lock(Secret state) {
        return entities.createQuery("SELECT a FROM Attempt a WHERE a.stateHash = :hash", Attempt.class)
                .setParameter("hash", state.hash())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
    }

    private CallbackClaim claim(
            @Nullable ConnectorId connectorId, Optional<Attempt> found, Function<String, Optional<Secret>> shown) {
        Connector connector = Optional.ofNullable(connectorId)
                .or(() -> found.map(Attempt::connector))
                .flatMap(connectors::find)
                .orElse(null);
        Connector called = connectorId == null ? null : connector;
        if (found.isEmpty()) {
            return new CallbackClaim.RefusedCallback(new CallbackResult.UnknownState(called, "the state is unknown"));
        }
        Attempt attempt = found.get();
        // A code that arrives at another connector's callback may be meant for another server (RFC 9700 section 4.4).
        boolean belongs = connectorId == null
                ? connector != null && connector.sharedCallback()
                : attempt.connector().equals(connectorId);
        if (!belongs) {
            return new CallbackClaim.RefusedCallback(new CallbackResult.OtherConnector(called));
        }
        Optional<Secret> browser = shown.apply(attempt.id()).filter(attempt::isFrom);
        if (browser.isEmpty()) {
            return new CallbackClaim.RefusedCallback(new CallbackResult.ForeignBrowser(attempt));
        }
        return claim(attempt, connector, browser.get());
    }

    private CallbackClaim claim(Attempt attempt, @Nullable Connector connector, Secret browser) {
        if (attempt.status() != AttemptStatus.STARTED) {
            Secret handle = connector == null || attempt.status() != AttemptStatus.GRANTED
                    ? null
                    : grants.find(Objects.requireNonNull(attempt.grantId()))
                            .map(grant -> handleToGoStraightBack(attempt, grant, remainder(attempt, connector, grant)))
                            .orElse(null);
            return new CallbackClaim.RefusedCallback(new CallbackResult.AlreadyUsed(attempt, browser, handle));
        }
        Instant now = clock.instant();
        if (!attempt.expiresAt().isAfter(now)) {
            return new CallbackClaim.RefusedCallback(new CallbackResult.Refused(Outcome.LINK_ENDED));
        }
        if (connector == null || !connector.enabled()) {
            return new CallbackClaim.RefusedCallback(new CallbackResult.Refused(Outcome.CLOSED));
        }
        if (!writeClaim(attempt, now)) {
            return new CallbackClaim.RefusedCallback(new CallbackResult.UnknownState(connector, "the row has changed"));
        }
        Sealed verifier = Objects.requireNonNull(attempt.verifier(), "only an attempt that ended has none");
        Pkce pkce = new Pkce(new Secret(vault.open(verifier, Attempt.verifierAssociatedData(attempt.id()))));
        return new CallbackClaim.ClaimedAttempt(attempt, connector, browser, pkce);
    }

    /**
     * Claims an attempt whose row may have changed since it was read.
     *
     * @return false when it was claimed, sealed anew or erased meanwhile, or has expired
     */
    private boolean writeClaim(Attempt attempt, Instant now) {
        Instant until = now.plus(settings.provider().timeout().multipliedBy(CALLS_OF_AN_EXCHANGE));
        entities.detach(attempt);
        attempt.claim(until);
        return entities.createQuery("UPDATE Attempt a SET a.status = :exchanging, a.expiresAt = :until,"
                                + " a.version = a.version + 1"
                                + " WHERE a.id = :id AND a.status = :started AND a.expiresAt > :now"
                                + " AND a.verifier = :verifier")
                        .setParameter("exchanging", AttemptStatus.EXCHANGING)
                        .setParameter("until", until)
                        .setParameter("id", attempt.id())
                        .setParameter("started", AttemptStatus.STARTED)
                        .setParameter("now", now)
                        .setParameter("verifier", attempt.verifier())
                        .executeUpdate()
                > 0;
    }

    /**
     * Stores the grant and ends the attempt, both or neither. Where the connector demands a code, the grant waits for
     * the one on the outcome page, unless the channel confirms it.
     *
     * @return empty when the attempt was erased meanwhile
     */
    public Optional<CallbackResult.Stored> store(CallbackClaim.ClaimedAttempt claim, ReceivedTokens received) {
        // In the order in which an erasure locks them.
        String link = claim.attempt().invitation();
        Invitation invitation = link == null ? null : invitation(link);
        Attempt attempt = claim.attempt();
        Instant now = clock.instant();
        Grant grant = issuing.prepare(received);
        attempt.finish(AttemptStatus.GRANTED, grant.id(), now);
        Secret handle = attempt.returnsWithHandle(settings) ? handOut(attempt) : null;
        if (!writeEnd(attempt)) {
            return Optional.empty();
        }
        boolean byChannel = invitation != null && invitation.awaitsConfirmation();
        boolean byCode = invitation != null && !byChannel && claim.connector().confirmation() == Confirmation.CODE;
        issuing.record(
                grant,
                received.withInvitation(attempt.invitation()),
                "user",
                byChannel || byCode ? now.plus(CONFIRMED_WITHIN) : null,
                byCode ? ConfirmationCode.of(claim.browser(), attempt.id()) : null);
        if (invitation != null) {
            invitation.recordGrant(grant.id(), now);
        }
        Optional<Shortfall> remainder = remainder(attempt, claim.connector(), grant);
        return Optional.of(new CallbackResult.Stored(
                attempt,
                claim.connector(),
                claim.browser(),
                leavesNothingToExplain(grant, remainder) ? handle : null,
                remainder));
    }

    /**
     * Writes the end of an attempt by its id alone: the callback that claimed it is the only one to store a grant, and
     * may do so again when it did not hear of its own commit.
     *
     * @return false when the attempt was erased meanwhile
     */
    private boolean writeEnd(Attempt attempt) {
        return entities.createQuery("UPDATE Attempt a SET a.status = :status, a.grantId = :grant, a.finishedAt = :now,"
                                + " a.verifier = NULL, a.handleHash = :handle, a.handleUsed = FALSE,"
                                + " a.version = a.version + 1 WHERE a.id = :id")
                        .setParameter("status", attempt.status())
                        .setParameter(
                                "grant",
                                Objects.requireNonNull(attempt.grantId()).value())
                        .setParameter("now", attempt.finishedAt())
                        .setParameter("handle", attempt.handleHash())
                        .setParameter("id", attempt.id())
                        .executeUpdate()
                > 0;
    }

    private Optional<Shortfall> remainder(Attempt attempt, Connector connector, Grant grant) {
        return decisions.decide(attempt, connector, Freshness.NO_TOKEN, grant).remainder();
    }

    /** Null where the browser sees the outcome first, or where the return URL receives no handle. */
    private @Nullable Secret handleToGoStraightBack(Attempt attempt, Grant grant, Optional<Shortfall> remainder) {
        return leavesNothingToExplain(grant, remainder) && attempt.returnsWithHandle(settings)
                ? handOut(attempt)
                : null;
    }

    private boolean leavesNothingToExplain(Grant grant, Optional<Shortfall> remainder) {
        return remainder.filter(Shortfall::isNone).isPresent() && !grant.awaitsCode(clock.instant());
    }

    /** Ends the attempt after a refusal; an earlier grant stays. */
    public CallbackResult deny(CallbackClaim.ClaimedAttempt claim) {
        Attempt attempt = entities.find(Attempt.class, claim.attempt().id());
        if (attempt == null) {
            return new CallbackResult.Refused(Outcome.LINK_ENDED);
        }
        Optional<Grant> kept = attempt.subject() == null
                ? Optional.empty()
                : grants.find(attempt.connector(), attempt.subject(), attempt.accountId());
        kept.ifPresent(grant -> issuing.refuse(grant, attempt.asked()));
        attempt.finish(AttemptStatus.DENIED, kept.map(Grant::id).orElse(null), clock.instant());
        if (attempt.invitation() != null) {
            Invitation invitation = invitation(attempt.invitation());
            invitation.recordDenial();
            refused.fire(invitation);
        }
        return new CallbackResult.DeniedByUser(attempt, claim.browser());
    }

    /** Ends an attempt without a grant. */
    public CallbackResult fail(String id, Secret browser, AttemptStatus end) {
        Attempt attempt = entities.find(Attempt.class, id);
        if (attempt == null) {
            return new CallbackResult.Refused(Outcome.LINK_ENDED);
        }
        attempt.finish(end, null, clock.instant());
        return new CallbackResult.Failed(attempt, browser, end);
    }

    /** Where "Back" leads: the return URL, with a new handle where it receives one. */
    public URI findReturn(Attempt seen) {
        return seen.returnsWithHandle(settings)
                ? seen.returnUrl(handOut(seen.id()))
                : URI.create(Objects.requireNonNull(seen.returnTo()));
    }

    Secret handOut(String id) {
        return handOut(entities.find(Attempt.class, id, LockModeType.PESSIMISTIC_WRITE));
    }

    private Secret handOut(Attempt attempt) {
        Secret handle = Secret.random(random);
        attempt.handOut(handle);
        return handle;
    }

    Optional<Attempt> findByHandle(Secret handle) {
        return entities.createQuery(
                        "SELECT a FROM Attempt a WHERE a.handleHash = :hash AND a.handleUsed = FALSE", Attempt.class)
                .setParameter("hash", handle.hash())
                .getResultStream()
                .findFirst();
    }

    /**
     * Redeems a handle, once.
     *
     * @param mayUse whether the caller may see the attempt; otherwise the handle stays unused
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
