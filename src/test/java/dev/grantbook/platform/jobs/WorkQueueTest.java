package dev.grantbook.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.delivery.Delivery;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** A queue as any room may have one, by the example of deliveries. */
@OnDatabases
class WorkQueueTest {

    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final String OLDEST = "w.due_at, w.number";

    private static final WorkQueue<Delivery> QUEUE = new WorkQueue<>(
            Delivery.class, "delivery", "number", "connector", "w.state = 'WAITING'", "w.line <> 'blocked'");

    @Parameter
    Database database;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    @Test
    void lanesAreDueThatHaveSomethingToDoNow() {
        add(1, "wallet", "a", "WAITING", NOW);
        add(2, "wallet", "b", "WAITING", NOW);
        add(3, "diary", "c", "WAITING", NOW.plusSeconds(1));
        add(4, "diary", "d", "PARKED", NOW);

        assertThat(due(NOW)).containsExactly("wallet");
        assertThat(due(NOW.plusSeconds(1))).containsExactlyInAnyOrder("wallet", "diary");
    }

    @Test
    void itemsAreClaimedInOrderAndOfTheirLaneAlone() {
        add(1, "wallet", "blocked", "WAITING", NOW.minusSeconds(9));
        add(2, "diary", "a", "WAITING", NOW.minusSeconds(9));
        add(3, "wallet", "b", "DELIVERED", NOW.minusSeconds(9));
        add(4, "wallet", "c", "WAITING", NOW);
        add(5, "wallet", "d", "WAITING", NOW.minusSeconds(1));
        add(6, "wallet", "e", "WAITING", NOW.plusSeconds(1));

        assertThat(claim(NOW).map(WorkItem::key)).contains(5L);
        assertThat(claim(NOW).map(WorkItem::key)).contains(4L);
        assertThat(claim(NOW)).isEmpty();
    }

    @Test
    void nodesThatAskAtOnceClaimDifferentItems() {
        for (int number = 1; number <= 8; number++) {
            add(number, "wallet", "a", "WAITING", NOW);
        }

        List<Optional<Delivery>> claimed =
                database.together(8, () -> QUEUE.claim(database.entities(), "wallet", OLDEST, NOW, LEASE));
        while (due(NOW).contains("wallet")) {
            claimed.add(claim(NOW));
        }

        assertThat(claimed.stream().flatMap(Optional::stream).map(WorkItem::key))
                .hasSize(8)
                .doesNotHaveDuplicates();
    }

    @Test
    void anItemIsAnotherNodesWhenTheLeaseIsOver() {
        add(1, "wallet", "a", "WAITING", NOW);
        Delivery slow = claim(NOW).orElseThrow();
        assertThat(claim(NOW.plus(LEASE).minusMillis(1))).isEmpty();
        Delivery quick = claim(NOW.plus(LEASE)).orElseThrow();

        assertThat(slow.tries()).isEqualTo(1);
        assertThat(quick.tries()).isEqualTo(2);
        assertThat(lockClaimed(slow)).as("too late").isFalse();
        assertThat(database.<Boolean>in(
                        () -> QUEUE.lock(database.entities(), slow).isPresent()))
                .isTrue();
        assertThat(lockClaimed(quick)).isTrue();
    }

    @Test
    void aLeaseIsProlongedByItsOwnerAlone() {
        add(1, "wallet", "a", "WAITING", NOW);
        Delivery slow = claim(NOW).orElseThrow();
        prolong(slow, NOW.plusSeconds(20));
        assertThat(claim(NOW.plusSeconds(19))).isEmpty();

        assertThat(claim(NOW.plusSeconds(20))).isPresent();
        prolong(slow, NOW.plusSeconds(60));

        assertThat(claim(NOW.plusSeconds(30))).isPresent();
    }

    @Test
    void whatIsSettledIsLockedByNoClaim() {
        add(1, "wallet", "a", "WAITING", NOW);
        Delivery claimed = claim(NOW).orElseThrow();
        database.tamper("UPDATE delivery SET state = 'PARKED'");

        assertThat(lockClaimed(claimed)).isFalse();
        database.tamper("DELETE FROM delivery");
        assertThat(lockClaimed(claimed)).isFalse();
    }

    @Test
    void anItemIsClaimedByItsCreatorUnlessAnotherNodeWasFirst() {
        add(1, "wallet", "a", "WAITING", NOW.plusSeconds(5));
        assertThat(claim(NOW)).isEmpty();

        assertThat(claimFirst()).isPresent();
        assertThat(claimFirst()).isEmpty();
    }

    @Test
    void aQueueIsDrainedUntilTheWorkWantsToStop() {
        var left = new AtomicInteger(5);
        var done = new AtomicInteger();

        WorkQueue.drain(() -> Optional.of(left.getAndDecrement()).filter(number -> number > 0), number -> {
            done.incrementAndGet();
            return number != 3;
        });
        assertThat(done).hasValue(3);
        WorkQueue.drain(() -> Optional.of(left.getAndDecrement()).filter(number -> number > 0), number -> true);
        assertThat(left).hasValue(-1);
    }

    private List<String> due(Instant now) {
        return database.in(() -> QUEUE.due(database.entities(), now));
    }

    private Optional<Delivery> claim(Instant now) {
        return database.in(() -> QUEUE.claim(database.entities(), "wallet", OLDEST, now, LEASE));
    }

    private Optional<Delivery> claimFirst() {
        return database.in(() -> QUEUE.claimFirst(database.entities(), 1L, NOW, LEASE));
    }

    private boolean lockClaimed(Delivery claimed) {
        return database.in(() -> QUEUE.lockClaimed(database.entities(), claimed).isPresent());
    }

    private void prolong(Delivery claimed, Instant until) {
        database.run(() -> QUEUE.prolong(database.entities(), claimed, until));
    }

    private void add(int number, String connector, String line, String state, Instant dueAt) {
        database.tamper(
                "INSERT INTO delivery (number, id, type, connector, line, subject, body, state, created_at, since, due_at,"
                        + " tries, version) VALUES (" + number + ", 'd-" + number + "', 'grant.created', '" + connector
                        + "', '"
                        + line + "', 'alice', '{}', '" + state + "', '" + NOW + "', '" + NOW + "', '" + dueAt
                        + "', 0, 1)");
    }
}
