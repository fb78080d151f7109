package dev.grantbook.authorization.attempt;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.TypedId;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exports and erases invitations and attempts. */
@ApplicationScoped
@Transactional
public class AttemptData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Invitations invitations;

    @Inject
    Clock clock;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        all.add(
                "invitations",
                RecordJson.array(of(person, Invitation.class, LockModeType.NONE).stream()
                        .map(this::describe)
                        .toList()));
        all.add(
                "attempts",
                RecordJson.array(of(person, Attempt.class, LockModeType.NONE).stream()
                        .map(AttemptData::describe)
                        .toList()));
    }

    @Override
    public int erase(Person person) {
        // Locks in the order of Attempts.store.
        List<Invitation> links = of(person, Invitation.class, LockModeType.PESSIMISTIC_WRITE);
        List<Attempt> attempts = of(person, Attempt.class, LockModeType.PESSIMISTIC_WRITE);
        // An attempt refers to its link.
        attempts.forEach(entities::remove);
        entities.flush();
        links.forEach(entities::remove);
        entities.flush();
        return attempts.size() + links.size();
    }

    /** Deletes invitations and attempts for an account. */
    public void forget(Collection<ConnectorId> connectors, String accountId) {
        if (connectors.isEmpty()) {
            return;
        }
        // An attempt has the account and the subject of its invitation, so that none stays behind without it.
        for (String kind : List.of("Attempt", "Invitation")) {
            entities.createQuery("DELETE FROM " + kind + " one WHERE one.connector IN :connectors"
                            + " AND (one.accountId = :account OR one.subject = :account)")
                    .setParameter("connectors", TypedId.values(connectors))
                    .setParameter("account", accountId)
                    .executeUpdate();
        }
    }

    /** An attempt after a public start names its person by its grant alone. */
    private <T> List<T> of(Person person, Class<T> type, LockModeType lock) {
        String came = person.grants().isEmpty() ? "" : " OR one.grantId IN :grants";
        TypedQuery<T> query = entities.createQuery(
                        "SELECT one FROM " + type.getSimpleName() + " one WHERE one.connector IN :connectors"
                                + " AND (one.subject = :subject" + came + ") ORDER BY one.createdAt",
                        type)
                .setParameter("connectors", TypedId.values(person.connectors()))
                .setParameter("subject", person.subject().value())
                .setLockMode(lock);
        if (!person.grants().isEmpty()) {
            query.setParameter("grants", Set.copyOf(TypedId.values(person.grants())));
        }
        return query.getResultList();
    }

    private KeptInvitation describe(Invitation invitation) {
        return new KeptInvitation(
                invitation.id(),
                invitation.connector(),
                invitation.status(clock.instant()),
                invitation.features(),
                invitation.scopes(),
                invitation.createdAt(),
                invitation.expiresAt(),
                invitation.accountId(),
                invitation.returnTo(),
                invitation.locale(),
                invitation.grantId(),
                invitation.trace(),
                invitations.context(invitation).orElse(null));
    }

    private record KeptInvitation(
            String id,
            ConnectorId connector,
            Invitation.InvitationStatus status,
            List<String> features,
            Scopes scopes,
            Instant createdAt,
            Instant expiresAt,
            @Nullable String account,
            @Nullable String returnTo,
            @Nullable Locale locale,
            @Nullable GrantId grant,
            @Nullable String trace,
            @Nullable JsonValue context) {}

    private static KeptAttempt describe(Attempt attempt) {
        return new KeptAttempt(
                attempt.id(),
                attempt.connector(),
                attempt.status(),
                attempt.features(),
                attempt.scopes(),
                attempt.asked(),
                attempt.expiresAt(),
                attempt.finishedAt(),
                attempt.invitation(),
                attempt.accountId(),
                attempt.returnTo(),
                attempt.locale(),
                attempt.grantId(),
                attempt.trace(),
                attempt.verifier() == null ? List.of() : List.of("code_verifier"));
    }

    private record KeptAttempt(
            String id,
            ConnectorId connector,
            Attempt.AttemptStatus status,
            List<String> features,
            Scopes scopes,
            Scopes asked,
            Instant expiresAt,
            @Nullable Instant finishedAt,
            @Nullable String invitation,
            @Nullable String account,
            @Nullable String returnTo,
            @Nullable Locale locale,
            @Nullable GrantId grant,
            @Nullable String trace,
            List<String> sealed) {}
}
