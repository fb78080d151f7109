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
import org.jspecify.annotations.Nullable;

/** All messages to bots, those that were delivered a while ago included. Each method is one short transaction. */
@ApplicationScoped
@Transactional
public class Deliveries {

    /** Most deliveries that one page may hold. */
    public static final int LONGEST_PAGE = 200;

    /** What a node needs beyond the time that the bot has, to write down what the bot said. */
    private static final Duration SLACK = Duration.ofSeconds(20);

    private static final int LONGEST_ANSWER = 200;

    /** How many messages one statement makes wait again. */
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

    /**
     * A part of a list.
     *
     * @param next the number that the next part begins behind; null at the end
     */
    public record DeliveryPage(
            List<Delivery> deliveries, @Nullable Long next) {}

    /** Which of the messages that are due. */
    public enum First {
        /**
         * Those that were tried least: what the bot refuses each time, or is to be sent again, keeps nothing new
         * waiting.
         */
        NEW("w.tries, w.due_at, w.number"),
        /** Those that have been due for longest: what is new, and refused too, keeps none of them waiting. */
        OLD("w.due_at, w.number");

        private final String order;

        First(String order) {
            this.order = order;
        }
    }

    /** Keeps a message for the bot, in the transaction of what it tells. */
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

    /** The connectors whose bots have something to be told now. */
    public List<ConnectorId> due() {
        return QUEUE.due(entities, clock.instant()).stream()
                .map(ConnectorId::new)
                .toList();
    }

    /** How many messages are in a state. */
    public long count(DeliveryState state) {
        return entities.createQuery("SELECT COUNT(d) FROM Delivery d WHERE d.state = :state", Long.class)
                .setParameter("state", state)
                .getSingleResult();
    }

    /** For how long a message has been waiting at most. */
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
     * Takes one message that is due, for this node to send. However many nodes ask at once, each gets another one, and
     * none gets a message whose line has an earlier one waiting.
     */
    public Optional<Delivery> take(ConnectorId connector, First first) {
        return QUEUE.claim(entities, connector.value(), first.order, clock.instant(), lease());
    }

    /**
     * Writes down what became of a message.
     *
     * @param taken as {@link #take} gave it; when another node took it since, that node is the one to tell
     */
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
                    delivery.recordDelivery(text, now);
                }
            }
            case LATER -> delivery.recordFailure(text, answer.pause(), random.nextDouble(), now);
            case NEVER -> delivery.park(text, now);
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
     * @return the message, which may be sent and gone by the time that somebody looks again; empty when it is still
     *     waiting, or is not there any more
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
     * Sends all parked messages again, such as after a bot was away for days. Those that somebody else is busy with
     * stay.
     *
     * @param connector null for all
     * @param subject null for all
     * @return how many
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
     * @param subject the bot's own id for the chat user, whole; null for all
     * @param state null for all
     * @param before the number that the page begins behind; null for the beginning
     * @param limit how many at most, 1 and more
     */
    public DeliveryPage page(
            @Nullable ConnectorId connector,
            @Nullable Subject subject,
            @Nullable DeliveryState state,
            @Nullable Long before,
            int limit) {
        var where = new ArrayList<String>();
        if (connector != null) {
            where.add("d.connector = :connector");
        }
        if (subject != null) {
            where.add("d.subject = :subject");
        }
        if (state != null) {
            where.add("d.state = :state");
        }
        if (before != null) {
            where.add("d.number < :before");
        }
        var query = entities.createQuery(
                "SELECT d FROM Delivery d" + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
                        + " ORDER BY d.number DESC",
                Delivery.class);
        if (connector != null) {
            query.setParameter("connector", connector.value());
        }
        if (subject != null) {
            query.setParameter("subject", subject.value());
        }
        if (state != null) {
            query.setParameter("state", state);
        }
        if (before != null) {
            query.setParameter("before", before);
        }
        List<Delivery> found = query.setMaxResults(limit + 1).getResultList();
        return found.size() > limit
                ? new DeliveryPage(found.subList(0, limit), found.get(limit - 1).number())
                : new DeliveryPage(found, null);
    }

    /**
     * Drops what was to be told of a grant that is forgotten.
     *
     * @return from when on nothing of it is on its way to the bot any more
     */
    Instant forgetLine(String line) {
        Instant now = clock.instant();
        // Locked: another node may be about to take one.
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

    /** By then a node that takes a message now has written down what the bot said, if it lives. */
    private Duration lease() {
        return settings.deliveries().timeout().plus(SLACK);
    }

    /** Drops whatever names an account. */
    public void forget(Collection<ConnectorId> connectors, Subject subject) {
        if (!connectors.isEmpty()) {
            entities.createQuery("DELETE FROM Delivery d WHERE d.connector IN :connectors AND d.subject = :subject")
                    .setParameter("connectors", TypedId.values(connectors))
                    .setParameter("subject", subject.value())
                    .executeUpdate();
        }
    }

    /** Drops what was delivered or parked long ago. */
    public void sweep() {
        entities.createQuery("DELETE FROM Delivery d WHERE d.state <> :waiting AND d.settledAt < :before")
                .setParameter("waiting", DeliveryState.WAITING)
                .setParameter(
                        "before", clock.instant().minus(settings.deliveries().keep()))
                .executeUpdate();
    }
}
