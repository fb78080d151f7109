package dev.grantbook.invitation;

import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.changes.RowCache;
import dev.grantbook.platform.changes.RowChanges;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.observability.Trace;
import dev.grantbook.platform.persistence.LimitedUpdate;
import dev.grantbook.platform.persistence.Reading;
import dev.grantbook.vault.Vault;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All invitations. */
@ApplicationScoped
public class Invitations {

    private static final Logger LOG = Logger.getLogger(Invitations.class.getName());

    private static final int EXPIRED_AT_ONCE = 200;

    /** How long access answers name the invitation that led to a grant. */
    private static final Duration ENDED_SINCE = Duration.ofHours(24);

    /** Of so many grants, a node keeps in memory that no invitation led to them. */
    private static final int MOST_KNOWN = 400_000;

    /** An invitation takes as much memory as so many absent ones. */
    private static final int WEIGHT = 20;

    @PersistenceContext
    EntityManager entities;

    @Inject
    RowChanges changes;

    @Inject
    Reading reading;

    /** An invitation that leads to a grant changes it, so that these entries follow the grants. */
    @SuppressWarnings("NullAway.Init") // made before the first call
    private RowCache<GrantId, Optional<Invitation>> lastOf;

    @PostConstruct
    void prepare() {
        lastOf = new RowCache<>(
                changes,
                "user_grant",
                change -> new GrantId(change.substring(0, change.indexOf(' '))),
                MOST_KNOWN,
                (grant, invitation) -> invitation.isPresent() ? WEIGHT : 1);
    }

    @Inject
    Event<Invitation> ended;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    @Inject
    Settings settings;

    /**
     * A new invitation with its link, which is not stored and cannot be shown again.
     *
     * @param link anyone who has it can grant in the subject's name
     */
    public record IssuedInvitation(Invitation invitation, URI link) {}

    @Transactional
    public IssuedInvitation issue(Invitation.Request request, String madeBy) {
        return issue(request, madeBy, false);
    }

    /** @param awaitsConfirmation whether the chat user has to confirm the grant of this link */
    @Transactional
    public IssuedInvitation issue(Invitation.Request request, String madeBy, boolean awaitsConfirmation) {
        Secret token = Secret.random(random);
        Instant now = clock.instant();
        String id = UUID.randomUUID().toString();
        var invitation = new Invitation(
                id,
                token.hash(),
                request,
                request.context() == null ? null : vault.seal(request.context(), Invitation.contextAssociatedData(id)),
                awaitsConfirmation,
                Trace.current(),
                now,
                now.plus(settings.attempts().invitationLifetime()));
        entities.persist(invitation);
        LOG.log(Level.FINE, "invitation {0} of {1}: made by {2}", new Object[] {id, request.connector(), madeBy});
        return new IssuedInvitation(invitation, settings.publicUrl("/connect/" + token.value()));
    }

    /** The invitation that led to a grant last, as access answers name it. */
    public record Origin(String invitation, @Nullable JsonValue context) {}

    /** Null when the grant is null, or no invitation led to it within the last day. */
    @Nullable
    public Origin origin(@Nullable Grant grant) {
        return Optional.ofNullable(grant)
                .flatMap(this::lastOf)
                .map(found -> new Origin(found.id(), context(found).orElse(null)))
                .orElse(null);
    }

    public Optional<JsonValue> context(Invitation invitation) {
        return Optional.ofNullable(invitation.context())
                .map(text -> vault.open(text, Invitation.contextAssociatedData(invitation.id())))
                .map(Json::readValue);
    }

    /** The invitation that led to a grant last, for a day. */
    public Optional<Invitation> lastOf(Grant grant) {
        Instant since = clock.instant().minus(ENDED_SINCE);
        // An invitation that leads to a grant changes it.
        if (grant.updatedAt().isBefore(since)) {
            return Optional.empty();
        }
        Optional<Invitation> last = lastOf.get(grant.id(), missing -> reading.read(() -> readLastOf(missing)));
        return last == null ? Optional.empty() : last.filter(found -> found.isGrantedAfter(since));
    }

    private Optional<Invitation> readLastOf(GrantId grant) {
        return entities.createQuery(
                        "SELECT i FROM Invitation i WHERE i.grantId = :grant AND i.grantedAt IS NOT NULL"
                                + " ORDER BY i.grantedAt DESC",
                        Invitation.class)
                .setParameter("grant", grant.value())
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) GrantEventRecorded event) {
        lastOf.forget(event.grant().id());
    }

    @Transactional
    public Optional<Invitation> find(String id) {
        return Optional.ofNullable(entities.find(Invitation.class, id));
    }

    @Transactional
    public Optional<Invitation> find(Secret token) {
        return entities.createQuery("SELECT i FROM Invitation i WHERE i.tokenHash = :hash", Invitation.class)
                .setParameter("hash", token.hash())
                .getResultStream()
                .findFirst();
    }

    /** An invitation with the best grant that its subject has; null for none. */
    public record InvitationWithGrant(
            Invitation invitation, @Nullable Grant grant) {}

    @Transactional
    public Optional<InvitationWithGrant> findWithGrant(Secret token) {
        List<Object[]> rows = entities.createQuery(
                        "SELECT i, g FROM Invitation i LEFT JOIN Grant g"
                                + " ON g.connector = i.connector AND g.subject = i.subject WHERE i.tokenHash = :hash",
                        Object[].class)
                .setParameter("hash", token.hash())
                .getResultList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        var invitation = (Invitation) rows.get(0)[0];
        List<Grant> grants = rows.stream()
                .map(row -> (Grant) row[1])
                .filter(Objects::nonNull)
                .toList();
        return Optional.of(new InvitationWithGrant(
                invitation,
                Grants.choose(grants, invitation.accountId(), clock.instant()).orElse(null)));
    }

    /**
     * Records that the user pressed the button, unless the invitation has led to a grant.
     *
     * @return false when it has, or was erased
     */
    @Transactional
    public boolean recordOpening(String id) {
        return entities.createQuery("UPDATE Invitation i SET i.status = :opened, i.version = i.version + 1"
                                + " WHERE i.id = :id AND i.status <> :granted")
                        .setParameter("opened", Invitation.InvitationStatus.OPENED)
                        .setParameter("granted", Invitation.InvitationStatus.GRANTED)
                        .setParameter("id", id)
                        .executeUpdate()
                > 0;
    }

    /**
     * Stores which invitations have expired, and fires an event for each. Waits for the last attempt that began in
     * time: it may still lead to a grant.
     */
    @Transactional
    public void expire() {
        List<?> ids = entities.createNativeQuery(
                        "SELECT id FROM invitation WHERE status IN ('WAITING', 'OPENED', 'DENIED')"
                                + " AND expires_at <= ? ORDER BY expires_at FETCH FIRST " + EXPIRED_AT_ONCE
                                + " ROWS ONLY"
                                + LimitedUpdate.SKIP_LOCKED)
                .setParameter(
                        1,
                        Timestamp.from(clock.instant().minus(settings.attempts().lifetime())))
                .getResultList();
        for (Object id : ids) {
            Invitation invitation = entities.find(Invitation.class, id);
            invitation.expire();
            ended.fire(invitation);
        }
    }
}
