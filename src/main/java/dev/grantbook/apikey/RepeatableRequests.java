package dev.grantbook.apikey;

import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.vault.Vault;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores requests that may be repeated; each method is a transaction. */
@ApplicationScoped
@Transactional(Transactional.TxType.REQUIRES_NEW)
public class RepeatableRequests {

    @PersistenceContext
    EntityManager entities;

    @Inject
    Vault vault;

    @Inject
    Clock clock;

    @Inject
    Jobs jobs;

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.IDEMPOTENCY_RETENTION, this::forgetOld);
    }

    /** An earlier request: whether it is the same, and its answer, null while it runs. */
    record Known(boolean same, @Nullable StoredAnswer answer) {}

    record StoredAnswer(
            int status, @Nullable String location, @Nullable String body) {}

    /** Finds an earlier request; empty when there is none, or it is too old. */
    Optional<Known> find(String id, String requestHash) {
        RepeatableRequest known = entities.find(RepeatableRequest.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (known == null) {
            return Optional.empty();
        }
        if (known.isOver(clock.instant())) {
            entities.remove(known);
            return Optional.empty();
        }
        return Optional.of(new Known(known.isFor(requestHash), answer(id, known)));
    }

    /** @throws jakarta.persistence.PersistenceException when another call with the same key was first */
    void start(String id, String requestHash) {
        entities.persist(new RepeatableRequest(id, requestHash, clock.instant()));
        // Now, so that one of two concurrent calls fails before it does anything.
        entities.flush();
    }

    void storeAnswer(String id, StoredAnswer answer) {
        String json = RecordJson.write(answer).toString();
        RepeatableRequest request = entities.find(RepeatableRequest.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (request != null) {
            request.storeAnswer(answer.status(), vault.seal(json, RepeatableRequest.answerAssociatedData(id)));
        }
    }

    /** Lets the same request run again. */
    void forget(String id) {
        entities.createQuery("DELETE FROM RepeatableRequest r WHERE r.id = :id")
                .setParameter("id", id)
                .executeUpdate();
    }

    /** Deletes what is older than a day; safe on any node at any time. */
    public int forgetOld() {
        Instant end = clock.instant().minus(RepeatableRequest.KEPT);
        return entities.createQuery("DELETE FROM RepeatableRequest r WHERE r.startedAt <= :end")
                .setParameter("end", end)
                .executeUpdate();
    }

    private @Nullable StoredAnswer answer(String id, RepeatableRequest known) {
        if (known.status() == null || known.answer() == null) {
            return null;
        }
        JsonObject json = Json.readObject(vault.open(known.answer(), RepeatableRequest.answerAssociatedData(id)));
        return new StoredAnswer(known.status(), json.getString("location", null), json.getString("body", null));
    }
}
