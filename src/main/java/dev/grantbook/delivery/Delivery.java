package dev.grantbook.delivery;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.platform.jobs.Backoff;
import dev.grantbook.platform.jobs.WorkItem;
import dev.grantbook.platform.json.WireName;
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
import org.jspecify.annotations.Nullable;

/**
 * One message to a bot.
 *
 * <p>Life: <b>waiting</b> from its event until the bot answers 2xx; then <b>delivered</b>; <b>parked</b> when the bot
 * did not for a day, or answered 410. A replay makes it wait again, with the same id. The last message about an erased
 * grant is deleted once it is delivered.
 */
@Entity
@Table(name = "delivery")
public class Delivery extends WorkItem {

    public enum DeliveryState implements WireName {
        WAITING,
        DELIVERED,
        PARKED;
    }

    /** Type of the last message about a grant, which names no subject. */
    static final String GRANT_DELETED = "grant.deleted";

    /** How long a message is tried; one that waited for an earlier message all that time has one try. */
    static final Duration PATIENCE = Duration.ofHours(24);

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), PATIENCE);

    /** Order of all messages, counted by the database: the clocks of several nodes give none. */
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "delivery_number")
    @SequenceGenerator(name = "delivery_number", sequenceName = "delivery_number", allocationSize = 1)
    private long number;

    private String id = "";
    private String type = "";
    private String line = "";
    private String subject = "";
    private String body = "";
    private @Nullable String trace;

    @Enumerated(EnumType.STRING)
    private DeliveryState state = DeliveryState.WAITING;

    /** Start of the present wait. */
    private Instant since = Instant.EPOCH;

    @Column(name = "last_answer")
    private @Nullable String lastAnswer;

    @Column(name = "settled_at")
    private @Nullable Instant settledAt;

    @Version
    private long version;

    protected Delivery() {}

    /**
     * @param line id of a grant or an invitation; messages of one line are sent in order
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
        super(connector, now);
        this.id = id;
        this.type = type;
        this.line = line;
        this.subject = subject == null ? "" : subject.value();
        this.body = body;
        this.trace = trace;
        this.since = now;
    }

    /** Whether a node may be sending it; a message that waits for its next try looks the same. */
    boolean isOnItsWay(Instant now) {
        return tries() > 0 && dueAt().isAfter(now);
    }

    void settle(DeliveryState end, String answer, Instant now) {
        state = end;
        lastAnswer = answer;
        settledAt = now;
    }

    /**
     * Postpones a failed message, or parks it.
     *
     * @param wanted pause that the bot asks for; an hour at most is granted
     * @param chance from 0 to 1
     */
    void recordFailure(String answer, Duration wanted, double chance, Instant now) {
        if (postpone(BACKOFF, since, wanted, chance, now)) {
            lastAnswer = answer;
        } else {
            settle(DeliveryState.PARKED, answer, now);
        }
    }

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

    /** {@code webhook-id}: the same at each try, so that the bot recognizes repeats. */
    public String id() {
        return id;
    }

    /** The event, such as {@code grant.created}. */
    public String type() {
        return type;
    }

    /** Id of the grant or the invitation. */
    public String line() {
        return line;
    }

    /** False for messages about invitations. */
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

    /** Id of the request that caused the event, in the log; null when a job did. */
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

    /** Status of the bot's last answer, or why there was none; null before the first try. */
    public @Nullable String lastAnswer() {
        return lastAnswer;
    }

    /** Time of delivery or parking; null while waiting. */
    public @Nullable Instant settledAt() {
        return settledAt;
    }
}
