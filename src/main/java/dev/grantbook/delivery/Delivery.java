package dev.grantbook.delivery;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.jobs.Backoff;
import dev.grantbook.platform.jobs.WorkItem;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message to a bot.
 *
 * <p>Life: <b>waiting</b> from the moment that something happened, and until the bot takes it; <b>delivered</b> then;
 * <b>parked</b> when the bot did not take it for a day, or said that it never will. Somebody who finds out why may send
 * it again: it waits once more, and keeps its id, by which the bot knows it. The last word about a grant that is
 * forgotten is not kept: it is gone once the bot has it.
 */
@Entity
@Table(name = "delivery")
public class Delivery extends WorkItem {

    /** Where a delivery is in its life. */
    public enum DeliveryState {
        WAITING,
        DELIVERED,
        PARKED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Empty for a name that is none. */
        public static Optional<DeliveryState> byName(@Nullable String wire) {
            return Arrays.stream(values())
                    .filter(state -> state.wire().equals(wire))
                    .findFirst();
        }
    }

    /** What is told last of a grant, and names nobody. */
    static final String GRANT_DELETED = "grant.deleted";

    /** How long a bot may be away. Longer only for what waited for an earlier message all the time. */
    static final Duration PATIENCE = Duration.ofHours(24);

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), PATIENCE);

    /** The order of all messages; counted by the database, since the clocks of several nodes give none. */
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "delivery_number")
    @SequenceGenerator(name = "delivery_number", sequenceName = "delivery_number", allocationSize = 1)
    private long number;

    private String id = "";
    private String type = "";
    private String connector = "";
    private String line = "";
    private String subject = "";
    private String body = "";
    private @Nullable String trace;

    @Enumerated(EnumType.STRING)
    private DeliveryState state = DeliveryState.WAITING;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    /** When it began to wait, the last time. */
    private Instant since = Instant.EPOCH;

    @Column(name = "last_answer")
    private @Nullable String lastAnswer;

    @Column(name = "settled_at")
    private @Nullable Instant settledAt;

    @Version
    private long version;

    protected Delivery() {}

    /**
     * @param line what it is about, the id of a grant or an invitation; messages of one line come in order
     * @param subject null when the message names none
     */
    Delivery(
            String id,
            String type,
            ConnectorId connector,
            String line,
            @Nullable Subject subject,
            String body,
            @Nullable String trace,
            Instant now) {
        super(now);
        this.id = id;
        this.type = type;
        this.connector = connector.value();
        this.line = line;
        this.subject = subject == null ? "" : subject.value();
        this.body = body;
        this.trace = trace;
        this.createdAt = now;
        this.since = now;
    }

    /** Whether a node may be sending it: one that was not taken, and waits for its next try, looks the same. */
    boolean isOnItsWay(Instant now) {
        return tries() > 0 && dueAt().isAfter(now);
    }

    /** The bot took it. */
    void recordDelivery(String answer, Instant now) {
        state = DeliveryState.DELIVERED;
        lastAnswer = answer;
        settledAt = now;
    }

    /** The bot will not take it. */
    void park(String answer, Instant now) {
        state = DeliveryState.PARKED;
        lastAnswer = answer;
        settledAt = now;
    }

    /**
     * The bot did not take it this time.
     *
     * @param wanted how long the bot asks to be left alone; more than an hour is not granted
     * @param chance from 0 to 1
     */
    void recordFailure(String answer, Duration wanted, double chance, Instant now) {
        if (postpone(BACKOFF, since, wanted, chance, now)) {
            lastAnswer = answer;
        } else {
            park(answer, now);
        }
    }

    /** Begins to wait again. */
    void replay(Instant now) {
        state = DeliveryState.WAITING;
        since = now;
        postpone(now);
        settledAt = null;
    }

    long number() {
        return number;
    }

    @Override
    protected Object key() {
        return number;
    }

    /** The same at each try: {@code webhook-id}, by which the bot knows what it has seen. */
    public String id() {
        return id;
    }

    /** What happened, such as {@code grant.created}. */
    public String type() {
        return type;
    }

    public ConnectorId connector() {
        return new ConnectorId(connector);
    }

    /** The id of the grant or the invitation. */
    public String line() {
        return line;
    }

    /** Otherwise it is about a link. */
    public boolean isAboutGrant() {
        return type.startsWith("grant.");
    }

    /** Null when it names none. */
    public @Nullable Subject subject() {
        return subject.isEmpty() ? null : new Subject(subject);
    }

    String body() {
        return body;
    }

    /** By which the log tells of what happened; null for what nobody asked for. */
    @Nullable
    String trace() {
        return trace;
    }

    public DeliveryState state() {
        return state;
    }

    boolean isLastWord() {
        return type.equals(GRANT_DELETED);
    }

    @Override
    public boolean isWaiting() {
        return state == DeliveryState.WAITING;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** What the bot said the last time, or why nothing was heard of it; null before the first try. */
    public @Nullable String lastAnswer() {
        return lastAnswer;
    }

    /** When it was delivered or parked; null while it waits. */
    public @Nullable Instant settledAt() {
        return settledAt;
    }
}
