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

/** Activates grants whose chat user has shown that it was them. */
@ApplicationScoped
@Transactional
public class Confirmations {

    /** How many wrong codes end a grant that waits for the right one. */
    public static final int CODE_TRIES = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Clock clock;

    /** What a code was worth. */
    public enum CodeAnswer {
        /** The grant is active; it may have been before. */
        CONFIRMED,
        /** Not the code; the chat user may try again. */
        WRONG,
        /** Not the code, once too often: the tokens are destroyed. */
        WRONG_AND_OVER,
        /** Nothing waits for a code: nobody finished, or its time or its tries are over. */
        NOTHING_WAITS
    }

    /**
     * What came of a code.
     *
     * @param grant the one that is confirmed now; null for none
     * @param triesLeft after a wrong code
     */
    public record CodeResult(CodeAnswer answer, @Nullable Grant grant, int triesLeft) {}

    /**
     * Confirms without a code.
     *
     * @param actor who says that it was the chat user, as histories name it
     * @return whether the grant is active now; false when its time is over, or it has ended
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

    /** Confirms one grant by the code that its bot passes on. */
    public CodeResult confirm(GrantId id, ConfirmationCode code, String actor) {
        Grant grant = entities.find(Grant.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
        return confirm(grant == null ? List.of() : List.of(grant), code, actor);
    }

    /**
     * Confirms by a code that the chat user typed, whichever of the subject's grants it is for.
     *
     * @return never an answer about the grant of another subject, which is what catches a forwarded link
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
                int remaining = CODE_TRIES - grant.missed();
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
