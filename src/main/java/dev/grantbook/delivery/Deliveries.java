package dev.grantbook.delivery;

import dev.grantbook.delivery.Delivery.DeliveryState;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.WorkQueue;
import dev.grantbook.platform.persistence.LimitedUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All messages to bots, waiting and settled. Each method is one short transaction. */
@ApplicationScoped
@Transactional
public class Deliveries {

    public static final int LONGEST_PAGE = 200;

    /** Time to store the bot's answer, beyond the bot's own time limit. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private static final int LONGEST_ANSWER = 200;

    private static final int REPLAYED_AT_ONCE = 500;

    /** A message waits for the earlier ones of its line. */
    private static final WorkQueue<Delivery> QUEUE = new WorkQueue<>(
            Delivery.class,
            "delivery",
            "number",
            "connector",
            "w.state = 'WAITING'",
            "NOT EXISTS (SELECT 1 FROM delivery e WHERE e.line = w.line AND e.number < w.number AND e.state = 'WAITING')");

    @PersistenceContext
    EntityManager entities;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    /** @param next number that the next page begins after; null at the end */
    public record DeliveryPage(
            List<Delivery> deliveries, @Nullable Long next) {

        private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

        /** Reads the number that a page begins after; empty for any other text. */
        public static Optional<Long> parse(String text) {
            return NUMBER.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
        }
    }

    /** Which due messages come first. */
    public enum First {
        /** Those with the fewest tries: messages that the bot rejects, or that are replayed, hold up no new ones. */
        NEW("w.tries, w.due_at, w.number"),
        /** Those that have been due for longest: new messages that the bot rejects too hold up none of them. */
        OLD("w.due_at, w.number");

        private final String order;

        First(String order) {
            this.order = order;
        }
    }

    /** Stores a message in the transaction of its event. */
    @Transactional(Transactional.TxType.MANDATORY)
    Delivery add(
            String type,
            ConnectorId connector,
            String line,
            @Nullable Subject subject,
            String body,
            @Nullable String trace) {
        var delivery = new Delivery(
                UUID.randomUUID().toString(), type, connector, line, subject, body, trace, clock.instant());
        entities.persist(delivery);
        return delivery;
    }

    /** Ids of connectors with due messages. */
    public List<ConnectorId> due() {
        return QUEUE.due(entities, clock.instant()).stream()
                .map(ConnectorId::new)
                .toList();
    }

    public long count(DeliveryState state) {
        return entities.createQuery("SELECT COUNT(d) FROM Delivery d WHERE d.state = :state", Long.class)
                .setParameter("state", state)
                .getSingleResult();
    }

    /** Longest time that a message has been waiting; zero when none is. */
    public Duration longestWait() {
        return entities.createQuery(
                        "SELECT d.since FROM Delivery d WHERE d.state = :waiting ORDER BY d.since", Instant.class)
                .setParameter("waiting", DeliveryState.WAITING)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(first -> Duration.between(first, clock.instant()))
                .orElse(Duration.ZERO);
    }

    /**
     * Claims a due message. Concurrent callers get different ones, and none gets a message whose line has an earlier
     * one waiting.
     */
    public Optional<Delivery> take(ConnectorId connector, First first) {
        return QUEUE.claim(entities, connector.value(), first.order, clock.instant(), lease());
    }

    /** Stores the bot's answer, unless the claim was lost. */
    public void settle(Delivery taken, DeliveryResult answer) {
        QUEUE.lockClaimed(entities, taken).ifPresent(delivery -> settle(delivery, answer, clock.instant()));
    }

    private void settle(Delivery delivery, DeliveryResult answer, Instant now) {
        String text = answer.text()
                .substring(0, Math.min(LONGEST_ANSWER, answer.text().length()));
        switch (answer.verdict()) {
            case TAKEN -> {
                if (delivery.isLastWord()) {
                    entities.remove(delivery);
                } else {
                    delivery.settle(DeliveryState.DELIVERED, text, now);
                }
            }
            case LATER -> delivery.recordFailure(text, answer.pause(), random.nextDouble(), now);
            case NEVER -> delivery.settle(DeliveryState.PARKED, text, now);
        }
    }

    public Optional<Delivery> find(String id) {
        return byId(id).getResultStream().findFirst();
    }

    private TypedQuery<Delivery> byId(String id) {
        return entities.createQuery("SELECT d FROM Delivery d WHERE d.id = :id", Delivery.class)
                .setParameter("id", id);
    }

    /**
     * Sends a message again, with the same id.
     *
     * @return the message; empty when it is still waiting or deleted
     */
    public Optional<Delivery> replay(String id) {
        Optional<Delivery> settled = byId(id).setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .filter(delivery -> !delivery.isWaiting());
        settled.ifPresent(delivery -> delivery.replay(clock.instant()));
        return settled;
    }

    /**
     * Sends all parked messages again, except locked ones.
     *
     * @param connector null for all
     * @param subject null for all
     * @return number of messages
     */
    public int replayParked(@Nullable ConnectorId connector, @Nullable Subject subject) {
        Instant now = clock.instant();
        int sent = 0;
        for (List<Long> some = findParked(connector, subject); !some.isEmpty(); some = findParked(connector, subject)) {
            sent += entities.createQuery("UPDATE Delivery d SET d.state = :waiting, d.since = :now, d.dueAt = :now,"
                            + " d.settledAt = NULL, d.version = d.version + 1 WHERE d.number IN :some")
                    .setParameter("waiting", DeliveryState.WAITING)
                    .setParameter("now", now)
                    .setParameter("some", some)
                    .executeUpdate();
        }
        return sent;
    }

    private List<Long> findParked(@Nullable ConnectorId connector, @Nullable Subject subject) {
        var query = entities.createNativeQuery("SELECT number FROM delivery WHERE state = 'PARKED'"
                + (connector == null ? "" : " AND connector = ?1") + (subject == null ? "" : " AND subject = ?2")
                + " ORDER BY number FETCH FIRST " + REPLAYED_AT_ONCE
                + " ROWS ONLY" + LimitedUpdate.SKIP_LOCKED);
        if (connector != null) {
            query.setParameter(1, connector.value());
        }
        if (subject != null) {
            query.setParameter(2, subject.value());
        }
        List<?> numbers = query.getResultList();
        return numbers.stream().map(number -> ((Number) number).longValue()).toList();
    }

    /**
     * Latest first.
     *
     * @param connector null for all
     * @param subject whole; null for all
     * @param state null for all
     * @param before number that the page begins after; null for the beginning
     * @param limit most messages on the page, 1 and more
     */
    public DeliveryPage page(
            @Nullable ConnectorId connector,
            @Nullable Subject subject,
            @Nullable DeliveryState state,
            @Nullable Long before,
            int limit) {
        CriteriaBuilder builder = entities.getCriteriaBuilder();
        CriteriaQuery<Delivery> query = builder.createQuery(Delivery.class);
        Root<Delivery> delivery = query.from(Delivery.class);
        var where = new ArrayList<Predicate>();
        if (connector != null) {
            where.add(builder.equal(delivery.get("connector"), connector.value()));
        }
        if (subject != null) {
            where.add(builder.equal(delivery.get("subject"), subject.value()));
        }
        if (state != null) {
            where.add(builder.equal(delivery.get("state"), state));
        }
        if (before != null) {
            where.add(builder.lessThan(delivery.get("number"), before));
        }
        query.where(where.toArray(Predicate[]::new)).orderBy(builder.desc(delivery.get("number")));
        List<Delivery> found =
                entities.createQuery(query).setMaxResults(limit + 1).getResultList();
        return found.size() > limit
                ? new DeliveryPage(found.subList(0, limit), found.get(limit - 1).number())
                : new DeliveryPage(found, null);
    }

    /**
     * Deletes all messages about a grant.
     *
     * @return time from which no node can still be sending one
     */
    Instant forgetLine(String line) {
        Instant now = clock.instant();
        // Locked: another node may be about to claim one.
        boolean isOnItsWay = entities.createQuery(
                        "SELECT d FROM Delivery d WHERE d.line = :line AND d.state = :waiting", Delivery.class)
                .setParameter("line", line)
                .setParameter("waiting", DeliveryState.WAITING)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .anyMatch(delivery -> delivery.isOnItsWay(now));
        entities.createQuery("DELETE FROM Delivery d WHERE d.line = :line")
                .setParameter("line", line)
                .executeUpdate();
        return isOnItsWay ? now.plus(lease()) : now;
    }

    private Duration lease() {
        return settings.deliveries().timeout().plus(SLACK);
    }

    /** Deletes messages whose subject is an account's id. */
    public void forget(Collection<ConnectorId> connectors, Subject subject) {
        if (!connectors.isEmpty()) {
            entities.createQuery("DELETE FROM Delivery d WHERE d.connector IN :connectors AND d.subject = :subject")
                    .setParameter("connectors", TypedId.values(connectors))
                    .setParameter("subject", subject.value())
                    .executeUpdate();
        }
    }

    /** Deletes messages that were delivered or parked long ago. */
    public void sweep() {
        entities.createQuery("DELETE FROM Delivery d WHERE d.state <> :waiting AND d.settledAt < :before")
                .setParameter("waiting", DeliveryState.WAITING)
                .setParameter(
                        "before", clock.instant().minus(settings.deliveries().keep()))
                .executeUpdate();
    }
}
