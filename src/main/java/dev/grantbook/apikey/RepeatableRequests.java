package dev.grantbook.apikey;

import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.json.Json;
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
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All requests that may be repeated; each method is a transaction of its own. */
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

    /**
     * What is known of a request.
     *
     * @param same whether it is the one that was sent before
     * @param answer null while that one runs
     */
    record Known(boolean same, @Nullable StoredAnswer answer) {}

    /**
     * @param location null when there was none
     * @param body null when there was none
     */
    record StoredAnswer(
            int status, @Nullable String location, @Nullable String body) {}

    /** Empty for a request that nobody sent before, or so long ago that nothing of it is kept. */
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

    /**
     * Writes down that a request runs.
     *
     * @throws jakarta.persistence.PersistenceException when another call with the same key was first
     */
    void start(String id, String requestHash) {
        entities.persist(new RepeatableRequest(id, requestHash, clock.instant()));
        // Now, so that of two calls at once one knows before it does anything.
        entities.flush();
    }

    void storeAnswer(String id, StoredAnswer answer) {
        var json = Json.createObjectBuilder();
        if (answer.location() != null) {
            json.add("location", answer.location());
        }
        if (answer.body() != null) {
            json.add("body", answer.body());
        }
        RepeatableRequest request = entities.find(RepeatableRequest.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (request != null) {
            request.storeAnswer(
                    answer.status(), vault.seal(json.build().toString(), RepeatableRequest.answerAssociatedData(id)));
        }
    }

    /** The same request runs anew when it comes again. */
    void forget(String id) {
        entities.createQuery("DELETE FROM RepeatableRequest r WHERE r.id = :id")
                .setParameter("id", id)
                .executeUpdate();
    }

    /** Drops what is older than a day. Anyone may call it at any time. */
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
        String text = vault.open(known.answer(), RepeatableRequest.answerAssociatedData(id));
        try (var reader = Json.createReader(new StringReader(text))) {
            JsonObject json = reader.readObject();
            return new StoredAnswer(known.status(), json.getString("location", null), json.getString("body", null));
        }
    }
}
