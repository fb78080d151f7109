package dev.grantbook.grant.confirmation;

import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Confirms grants. */
@ApplicationScoped
@Transactional
public class Confirmations {

    /** Wrong codes that end an unconfirmed grant. */
    public static final int CODE_TRIES = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Clock clock;

    public enum CodeAnswer {
        /** The grant is active, now or since earlier. */
        CONFIRMED,
        /** Wrong code; tries are left. */
        WRONG,
        /** Wrong code and no tries left: the grant has ended. */
        WRONG_AND_OVER,
        /** No grant waits for a code. */
        NOTHING_WAITS
    }

    /**
     * @param grant the confirmed one; null for none
     * @param triesLeft after a wrong code
     */
    public record CodeResult(CodeAnswer answer, @Nullable Grant grant, int triesLeft) {}

    /**
     * Confirms without a code.
     *
     * @param actor who confirms, as histories name it
     * @return whether the grant is active now
     */
    public boolean confirm(GrantId id, String actor) {
        Grant grant = entities.find(Grant.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
        if (grant == null) {
            return false;
        }
        if (grant.status(clock.instant()) == GrantStatus.UNCONFIRMED) {
            activate(grant, actor);
        }
        return grant.isActive(clock.instant());
    }

    public CodeResult confirm(GrantId id, ConfirmationCode code, String actor) {
        Grant grant = entities.find(Grant.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
        return confirm(grant == null ? List.of() : List.of(grant), code, actor);
    }

    /**
     * Confirms the grant of a subject that the code belongs to. Another subject's code is wrong here, so that a
     * forwarded invitation is of no use.
     */
    public CodeResult confirmFor(ConnectorId connector, Subject subject, ConfirmationCode code, String actor) {
        // In one order, so that two calls do not wait for each other.
        return confirm(
                entities.createQuery(
                                "SELECT g FROM Grant g WHERE g.connector = :connector AND g.subject = :subject"
                                        + " AND g.confirmCodeHash IS NOT NULL ORDER BY g.id",
                                Grant.class)
                        .setParameter("connector", connector.value())
                        .setParameter("subject", subject.value())
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList(),
                code,
                actor);
    }

    private CodeResult confirm(List<Grant> candidates, ConfirmationCode code, String actor) {
        Instant now = clock.instant();
        candidates.forEach(ending::drop);
        for (Grant grant : candidates) {
            if (grant.takes(code)) {
                if (grant.awaitsCode(now)) {
                    activate(grant, actor);
                }
                return new CodeResult(CodeAnswer.CONFIRMED, grant, 0);
            }
        }
        int left = -1;
        for (Grant grant : candidates) {
            if (grant.awaitsCode(now)) {
                int remaining = CODE_TRIES - grant.countWrongCode();
                left = Math.max(left, remaining);
                if (remaining <= 0) {
                    ending.endUnconfirmed(grant);
                }
            }
        }
        CodeAnswer answer =
                left < 0 ? CodeAnswer.NOTHING_WAITS : left == 0 ? CodeAnswer.WRONG_AND_OVER : CodeAnswer.WRONG;
        return new CodeResult(answer, null, Math.max(left, 0));
    }

    private void activate(Grant grant, String actor) {
        grant.confirm(clock.instant());
        history.write(grant, GrantEventKind.CONFIRMED, actor, Scopes.NONE, grant.granted());
    }
}
