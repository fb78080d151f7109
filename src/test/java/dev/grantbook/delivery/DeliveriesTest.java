package dev.grantbook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.WebhookSecret;
import dev.grantbook.delivery.Deliveries.First;
import dev.grantbook.delivery.Delivery.DeliveryState;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.confirmation.Confirmations;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.persistence.PersonalData;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Bot;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Counts;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.Garbler;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestClock;
import dev.grantbook.token.TestTokens;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for messages to bots in every database. */
@OnDatabases
class DeliveriesTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OLDER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    /** A machine that pauses for a while makes no message fail. */
    private static final String LONG = "PT5M";

    private static final Scopes ALL = Scopes.of("ASSETS:READ", "PROFILE:READ");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @RegisterExtension
    final Counts counts = new Counts();

    private final Bot bot = new Bot();

    @Parameter
    Database database;

    @Inject
    TestClock clock;

    @Inject
    Connectors connectors;

    @Inject
    Deliveries deliveries;

    @Inject
    DeliveryWorker courier;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    Confirmations confirmations;

    @Inject
    AccountGrants accounts;

    @Inject
    Invitations invitations;

    @Inject
    DeliveryData messages;

    @Inject
    @Any
    Instance<PersonalData> rooms;

    @BeforeEach
    void setUp() {
        configuration
                .with("grantbook.sandbox.enabled", "true")
                .with("TEST_DELIVERIES", SECRET)
                .with("TEST_OLDER", OLDER);
        database.clear();
        declare(Map.of("secret", "env:TEST_DELIVERIES"));
    }

    @AfterEach
    void close() {
        bot.close();
    }

    @Test
    void aGrantIsToldAsSignedJson() {
        Grant grant = record("alice", ALL);

        courier.deliver(new ConnectorId("wallet"));

        Bot.Message message = bot.messages().get(0);
        assertThat(bot.messages()).hasSize(1);
        assertThat(message.contentType()).isEqualTo("application/json");
        assertThat(message.timestamp()).isEqualTo(Long.toString(clock.instant().getEpochSecond()));
        assertThat(message.signature()).isEqualTo(signature(SECRET, message));
        assertThat(json(message))
                .isEqualTo(Json.createObjectBuilder()
                        .add("type", "grant.created")
                        .add("timestamp", clock.instant().toString())
                        .add(
                                "data",
                                Json.createObjectBuilder()
                                        .add("grant", grant.id().value())
                                        .add("connector", "wallet")
                                        .add("subject", "alice")
                                        .add("status", "active")
                                        .add(
                                                "granted",
                                                Json.createArrayBuilder()
                                                        .add("ASSETS:READ")
                                                        .add("PROFILE:READ"))
                                        .add("cause", "granted")
                                        .add("actor", "user"))
                        .build());
        assertThat(states()).containsExactly("DELIVERED");
    }

    @Test
    void theLinkThatLedToAGrantIsTold() {
        database.run(() -> issuing.record(received("alice", ALL).withInvitation("invitation-1"), "user", null, null));

        courier.deliver(new ConnectorId("wallet"));

        assertThat(json(bot.messages().get(0)).getJsonObject("data").getString("invitation"))
                .isEqualTo("invitation-1");
    }

    @Test
    void noTokenAndNothingOfTheAccountIsInAMessage() {
        record("alice", ALL);

        assertThat(database.sql("SELECT body FROM delivery").toString())
                .contains("alice")
                .doesNotContain("access-1", "user-1", "Alice");
    }

    @Test
    void whileTheSecretChangesBothSign() {
        declare(Map.of("secret", "env:TEST_DELIVERIES", "previous-secret", "env:TEST_OLDER"));
        record("alice", ALL);

        courier.deliver(new ConnectorId("wallet"));

        Bot.Message message = bot.messages().get(0);
        assertThat(message.signature()).isEqualTo(signature(SECRET, message) + " " + signature(OLDER, message));
    }

    @Test
    void whatIsMissingIsToldAfterTheGrant() {
        record("alice", Scopes.of("PROFILE:READ"));

        courier.deliver(new ConnectorId("wallet"));

        assertThat(types()).containsExactly("grant.created", "grant.shortfall");
        assertThat(json(bot.messages().get(1)).getJsonObject("data").getJsonObject("missing"))
                .isEqualTo(Json.createObjectBuilder()
                        .add("required", Json.createArrayBuilder().add("ASSETS:READ"))
                        .add("optional", Json.createArrayBuilder())
                        .build());
    }

    @Test
    void theLifeOfAGrantIsToldInItsOrder() {
        Grant grant = record("alice", ALL);
        record("alice", ALL);
        database.run(() ->
                ending.reject(database.entities().find(Grant.class, grant.id().value())));
        record("alice", ALL);
        database.run(() -> accounts.withdraw(List.of(new ConnectorId("wallet")), "user-1", clock.instant()));

        courier.deliver(new ConnectorId("wallet"));

        assertThat(types())
                .containsExactly("grant.created", "grant.changed", "grant.revoked", "grant.created", "grant.revoked");
        assertThat(bot.messages())
                .extracting(message -> json(message).getJsonObject("data").getString("cause"))
                .containsExactly("granted", "changed", "rejected", "granted", "disconnected");
    }

    @Test
    void whatAwaitsConfirmationIsToldAndThenConfirmedOrDropped() {
        Grant confirmed = record("alice", ALL, clock.instant().plusSeconds(600));
        record("bob", ALL, clock.instant().plusSeconds(600));
        database.in(() -> confirmations.confirm(confirmed.id(), "api-key:bot"));
        clock.advance(Duration.ofMinutes(11));
        database.run(ending::endOverdue);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(bot.messages())
                .extracting(message -> json(message).getString("type") + " of "
                        + json(message).getJsonObject("data").getString("subject") + ": "
                        + json(message).getJsonObject("data").getString("status"))
                .containsExactlyInAnyOrder(
                        "grant.created of alice: unconfirmed",
                        "grant.created of bob: unconfirmed",
                        "grant.confirmed of alice: active",
                        "grant.revoked of bob: revoked");
    }

    @Test
    void ofAnErasedGrantOnlyThatIsToldAndThenNothingIsKept() {
        Grant grant = record("user-1", ALL);
        clock.advance(Duration.ofMinutes(1));

        database.run(() -> accounts.erase(List.of(new ConnectorId("wallet")), "user-1"));

        onlyTheEndIsTold(grant, "user-1");
    }

    /** Rooms forget in an order that nobody knows. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofASubjectThatIsForgottenOnlyIdsAreTold(boolean messagesFirst) {
        Grant grant = record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        database.run(() ->
                ending.reject(database.entities().find(Grant.class, grant.id().value())));
        bot.messages().clear();
        PersonalData.Person alice =
                new PersonalData.Person(List.of(new ConnectorId("wallet")), new Subject("alice"), List.of(grant.id()));

        database.run(() -> {
            if (messagesFirst) {
                messages.erase(alice);
            }
            rooms.forEach(room -> room.erase(alice));
            messages.erase(alice);
        });

        assertThat(database.sql("SELECT id FROM user_grant")).isEmpty();
        onlyTheEndIsTold(grant, "alice");
    }

    private void onlyTheEndIsTold(Grant grant, String subject) {
        assertThat(database.sql("SELECT * FROM delivery").toString()).doesNotContain(subject);
        courier.deliver(new ConnectorId("wallet"));
        assertThat(types()).containsExactly("grant.deleted");
        assertThat(json(bot.messages().get(0)).getJsonObject("data"))
                .isEqualTo(Json.createObjectBuilder()
                        .add("grant", grant.id().value())
                        .add("connector", "wallet")
                        .build());
        assertThat(states()).isEmpty();
    }

    @Test
    void aLastWordThatTheBotDoesNotTakeStaysForIt() {
        Grant grant = record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        database.run(() ->
                ending.forget(database.entities().find(Grant.class, grant.id().value())));
        bot.answers(500);

        courier.deliver(new ConnectorId("wallet"));
        assertThat(states()).containsExactly("WAITING");
        clock.advance(Duration.ofSeconds(6));
        courier.deliver(new ConnectorId("wallet"));

        assertThat(types()).containsExactly("grant.created", "grant.deleted", "grant.deleted");
        assertThat(states()).isEmpty();
    }

    /** Another node may be sending it; rooms forget in an order that nobody knows. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLastWordDoesNotOvertakeWhatIsOnItsWay(boolean messagesFirst) {
        Grant grant = record("alice", ALL);
        deliveries.take(new ConnectorId("wallet"), First.NEW);
        PersonalData.Person alice =
                new PersonalData.Person(List.of(new ConnectorId("wallet")), new Subject("alice"), List.of(grant.id()));

        database.run(() -> {
            if (messagesFirst) {
                messages.erase(alice);
            }
            ending.forget(database.entities().find(Grant.class, grant.id().value()));
            messages.erase(alice);
        });

        assertThat(database.sql("SELECT type, subject FROM delivery")).containsExactly(List.of("grant.deleted", ""));
        assertThat(deliveries.take(new ConnectorId("wallet"), First.NEW)).isEmpty();
        clock.advance(Duration.ofSeconds(35));
        assertThat(deliveries.take(new ConnectorId("wallet"), First.NEW))
                .map(Delivery::type)
                .contains("grant.deleted");
    }

    @Test
    void thatNoOtherTokenCanBeGotIsToldAndThenTheEnd() {
        Grant grant = expiring("alice", new Secret("refresh-1"));
        TestTokens.refuseRefresh(grant);
        clock.advance(Duration.ofHours(1));
        database.run(ending::endOverdue);
        courier.deliver(new ConnectorId("wallet"));

        assertThat(told())
                .containsExactly(
                        "grant.created: active",
                        "grant.refreshed_failed: active, refresh_refused",
                        "grant.expired: expired, refresh_refused");
    }

    @Test
    void theEndOfALifetimeIsToldOnce() {
        expiring("alice", null);
        clock.advance(Duration.ofHours(1));

        database.run(ending::endOverdue);
        database.run(ending::endOverdue);
        courier.deliver(new ConnectorId("wallet"));

        assertThat(told()).containsExactly("grant.created: active", "grant.expired: expired, lifetime_over");
    }

    @Test
    void whatIsRolledBackIsToldToNobody() {
        assertThatIllegalStateException()
                .isThrownBy(() -> database.run(() -> {
                    issuing.record(received("alice", ALL), "user", null, null);
                    throw new IllegalStateException("the database went away");
                }));

        assertThat(states()).isEmpty();
    }

    @Test
    void aBotThatDidNotAskIsToldNothing() {
        declare(Map.of());

        record("alice", ALL);

        assertThat(states()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 400, 404, 302, Bot.HANGS})
    void aMessageThatWasNotTakenComesAgainWithItsId(int status) {
        configuration.with("grantbook.deliveries.timeout", status == Bot.HANGS ? "PT5S" : LONG);
        bot.answers(status);
        record("alice", ALL);

        courier.deliver(new ConnectorId("wallet"));
        assertThat(states()).containsExactly("WAITING");
        courier.deliver(new ConnectorId("wallet"));
        assertThat(bot.messages()).hasSize(1);
        configuration.with("grantbook.deliveries.timeout", LONG);
        clock.advance(Duration.ofSeconds(6));
        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("DELIVERED");
        assertThat(bot.messages()).hasSize(2).extracting(Bot.Message::id).containsOnly(ids().get(0));
        assertThat(bot.messages())
                .extracting(Bot.Message::body)
                .containsOnly(bot.messages().get(0).body());
        assertThat(bot.messages().get(1).signature())
                .isEqualTo(signature(SECRET, bot.messages().get(1)));
        assertThat(bot.messages().get(1).timestamp())
                .isNotEqualTo(bot.messages().get(0).timestamp());
    }

    @ParameterizedTest
    @CsvSource({
        "20, PT20S",
        "'Sun, 22 Nov 2026 10:00:20 GMT', PT20S",
        "1, PT5S",
        "'Sun, 22 Nov 2026 09:00:00 GMT', PT5S",
        "soon, PT5S",
        "999999999, PT1H"
    })
    void aBotIsLeftAloneForAsLongAsItAsksButNoLongerThanAnHour(String retryAfter, Duration pause) {
        bot.answers(503);
        bot.retryAfter(retryAfter);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));

        clock.advance(pause.multipliedBy(4).dividedBy(5).minusSeconds(1));
        courier.deliver(new ConnectorId("wallet"));
        assertThat(bot.messages()).hasSize(1);
        clock.advance(pause.multipliedBy(2).dividedBy(5).plusSeconds(1));
        courier.deliver(new ConnectorId("wallet"));

        assertThat(bot.messages()).hasSize(2);
    }

    @Test
    void whyAMessageWasNotTakenIsKept() {
        bot.answers(500);
        record("alice", ALL);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(database.sql("SELECT last_answer, tries FROM delivery")).containsExactly(List.of("HTTP 500", "1"));
        assertThat(counts.of("deliveries", "outcome", "later")).isEqualTo(1);
    }

    @Test
    void aBotThatIsNotThereIsAskedLater() {
        bot.close();
        record("alice", ALL);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("WAITING");
        assertThat(database.sql("SELECT last_answer FROM delivery").toString()).contains("127.0.0.1 could not be");
    }

    @Test
    void whateverABotAnswersTheMessageComesAgain() throws Exception {
        try (var garbler = new Garbler()) {
            declare(garbler.url(), Map.of("secret", "env:TEST_DELIVERIES"));
            record("alice", ALL);

            courier.deliver(new ConnectorId("wallet"));
        }
        assertThat(database.sql("SELECT last_answer FROM delivery").toString())
                .contains("could not be asked: the reply is no HTTP that can be read");
        assertThat(deliveries.take(new ConnectorId("wallet"), First.NEW)).isEmpty();
        clock.advance(Duration.ofSeconds(6));
        assertThat(deliveries.take(new ConnectorId("wallet"), First.NEW)).isPresent();
    }

    @Test
    void anAddressThatIsNotAllowedIsNotCalled() {
        record("alice", ALL);
        configuration.with("grantbook.sandbox.enabled", "false");

        courier.deliver(new ConnectorId("wallet"));

        assertThat(bot.messages()).isEmpty();
        assertThat(database.sql("SELECT last_answer FROM delivery").toString()).contains("must be called over https");
    }

    @Test
    void aBotThatWantsNothingMoreIsNotAskedAgain() {
        bot.answers(410);
        record("alice", ALL);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("PARKED");
    }

    @Test
    void afterADayOfSilenceAMessageIsParkedAndTheNextOneIsTried() {
        bot.answers(500, 500);
        record("alice", Scopes.of("PROFILE:READ"));

        courier.deliver(new ConnectorId("wallet"));
        clock.advance(Delivery.PATIENCE);
        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("PARKED", "DELIVERED");
        assertThat(types()).containsExactly("grant.created", "grant.created", "grant.shortfall");
    }

    @Test
    void thePausesGrowToAnHour() {
        var pauses = new ArrayList<Duration>();
        var delivery = new Delivery(
                "id", "type", new ConnectorId("wallet"), "line", new Subject("alice"), "{}", null, clock.instant());
        while (delivery.isWaiting()) {
            Instant now = clock.instant();
            delivery.recordFailure("HTTP 500", Duration.ZERO, 0.5, now);
            Duration pause = Duration.between(now, delivery.dueAt());
            pauses.add(pause);
            clock.advance(pause);
        }

        assertThat(pauses.subList(0, 5))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40));
        assertThat(pauses).hasSizeBetween(30, 40).allMatch(pause -> pause.compareTo(Duration.ofHours(1)) <= 0);
        assertThat(delivery.state()).isEqualTo(DeliveryState.PARKED);
    }

    @Test
    void chanceMakesNoPauseLongerThanAnHour() {
        var delivery = new Delivery(
                "id", "type", new ConnectorId("wallet"), "line", new Subject("alice"), "{}", null, clock.instant());
        clock.advance(Duration.ofHours(2));

        delivery.recordFailure("HTTP 500", Duration.ZERO, 1, clock.instant());

        assertThat(delivery.dueAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
    }

    @Test
    void aLaterMessageOfTheGrantWaitsAndThoseOfOthersDoNot() {
        bot.answers(500);
        Grant alice = record("alice", ALL);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        record("bob", ALL);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(bot.messages()).hasSize(2);
        assertThat(subjects().get(1)).isEqualTo("bob");
        clock.advance(Duration.ofSeconds(6));
        courier.deliver(new ConnectorId("wallet"));
        assertThat(bot.messages())
                .filteredOn(message -> message.body().contains(alice.id().value()))
                .extracting(message -> json(message).getString("type"))
                .containsExactly("grant.created", "grant.created", "grant.changed");
    }

    @Test
    void whatABotRefusesEachTimeKeepsNothingNewWaiting() {
        bot.answers(500, 500, 500, 500, 500);
        for (int i = 0; i < 5; i++) {
            record("alice-" + i, ALL);
            courier.deliver(new ConnectorId("wallet"));
        }
        clock.advance(Duration.ofSeconds(6));
        record("bob", ALL);
        bot.answers(204, 500);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(subjects().get(5)).isEqualTo("bob");
        assertThat(subjects().get(6)).startsWith("alice");
    }

    @Test
    void whatIsNewAndRefusedKeepsNothingOldWaiting() {
        bot.answers(500);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        clock.advance(Duration.ofSeconds(6));
        record("bob", ALL);
        bot.answers(500);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(subjects()).containsExactly("alice", "bob", "alice");
        assertThat(states()).containsExactly("DELIVERED", "WAITING");
    }

    @Test
    void whatIsSentAgainKeepsNothingNewWaiting() {
        bot.answers(410, 410);
        record("alice", ALL);
        record("carol", ALL);
        courier.deliver(new ConnectorId("wallet"));
        database.in(() -> deliveries.replayParked(new ConnectorId("wallet"), null));
        record("bob", ALL);

        courier.deliver(new ConnectorId("wallet"));

        assertThat(subjects().subList(2, 5)).containsExactly("bob", "alice", "carol");
    }

    @Test
    void aNodeThatWasKilledLeavesItsMessageToOthers() {
        record("alice", ALL);
        deliveries.take(new ConnectorId("wallet"), First.NEW);

        courier.deliver(new ConnectorId("wallet"));
        assertThat(bot.messages()).isEmpty();
        clock.advance(Duration.ofMinutes(1));
        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("DELIVERED");
    }

    @Test
    void aNodeThatWasTooSlowChangesNothingAnyMore() {
        record("alice", ALL);
        Delivery slow = deliveries.take(new ConnectorId("wallet"), First.NEW).orElseThrow();
        clock.advance(Duration.ofMinutes(1));
        courier.deliver(new ConnectorId("wallet"));

        deliveries.settle(slow, DeliveryResult.of(500, Duration.ZERO));

        assertThat(database.sql("SELECT state, last_answer FROM delivery"))
                .containsExactly(List.of("DELIVERED", "HTTP 204"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 50})
    void manyNodesTellEachThingOnceAndInOrder(int nodes) throws Exception {
        configuration.with("grantbook.deliveries.timeout", LONG);
        for (int round = 0; round < 4; round++) {
            for (String subject : List.of("alice", "bob", "carol", "dan", "eve")) {
                record(subject, ALL);
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        var ready = new CountDownLatch(nodes);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            DeliveryWorker node = Beans.another(DeliveryWorker.class);
            running.add(threads.submit(() -> {
                ready.countDown();
                ready.await();
                // One may find everything taken at the moment that another is about to finish.
                while (states().contains("WAITING")) {
                    node.deliver(new ConnectorId("wallet"));
                }
                return true;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();

        assertThat(states()).hasSize(20).containsOnly("DELIVERED");
        assertThat(new HashSet<>(bot.messages().stream().map(Bot.Message::id).toList()))
                .hasSameSizeAs(bot.messages())
                .hasSize(20);
        List<String> order = database.sql("SELECT id FROM delivery ORDER BY number").stream()
                .map(row -> row.get(0))
                .toList();
        for (String subject : List.of("alice", "bob", "carol", "dan", "eve")) {
            assertThat(bot.messages())
                    .filteredOn(message -> message.body().contains('"' + subject + '"'))
                    .extracting(message -> order.indexOf(message.id()))
                    .hasSize(4)
                    .isSorted();
        }
    }

    @Test
    void whatWasParkedOrDeliveredCanBeSentAgainWithTheSameId() {
        bot.answers(410);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        String id = ids().get(0);

        assertThat(database.in(() -> deliveries.replay(id)))
                .map(Delivery::state)
                .contains(DeliveryState.WAITING);
        assertThat(database.in(() -> deliveries.replay(id))).isEmpty();
        courier.deliver(new ConnectorId("wallet"));
        assertThat(database.in(() -> deliveries.replay(id))).isPresent();
        courier.deliver(new ConnectorId("wallet"));

        assertThat(bot.messages()).hasSize(3).extracting(Bot.Message::id).containsOnly(id);
        assertThat(states()).containsExactly("DELIVERED");
        assertThat(counts.of("deliveries", "connector", "wallet", "outcome", "never"))
                .isEqualTo(1);
        assertThat(counts.of("deliveries", "connector", "wallet", "outcome", "taken"))
                .isEqualTo(2);
        assertThat(database.in(() -> deliveries.replay("unknown"))).isEmpty();
    }

    @Test
    void allThatWasParkedWaitsOnceMoreAndComesInOrder() {
        bot.answers(410, 410, 204, 410);
        for (String subject : List.of("alice", "bob", "carol", "dan")) {
            record(subject, ALL);
            courier.deliver(new ConnectorId("wallet"));
        }

        assertThat(database.in(() -> deliveries.replayParked(new ConnectorId("elsewhere"), null)))
                .isZero();
        List<Integer> sent =
                database.together(5, () -> database.in(() -> deliveries.replayParked(new ConnectorId("wallet"), null)));

        assertThat(sent.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
        assertThat(states()).containsExactly("WAITING", "WAITING", "DELIVERED", "WAITING");
        assertThat(database.in(() -> deliveries.replayParked(null, null))).isZero();
        courier.deliver(new ConnectorId("wallet"));
        assertThat(bot.messages().subList(4, 7))
                .extracting(Bot.Message::id)
                .containsExactly(ids().get(0), ids().get(1), ids().get(3));
        assertThat(states()).containsOnly("DELIVERED");
    }

    @Test
    void whatIsToBeSentAgainHasADayOnceMore() {
        bot.answers(410, 500);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        clock.advance(Duration.ofDays(3));

        database.in(() -> deliveries.replay(ids().get(0)));
        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("WAITING");
    }

    @Test
    void aConnectorThatIsNoLongerDeclaredParksWhatWaits() {
        record("alice", ALL);
        database.run(() -> connectors.declare(Map.of()));

        courier.deliver(new ConnectorId("wallet"));

        assertThat(states()).containsExactly("PARKED");
        assertThat(bot.messages()).isEmpty();
    }

    @Test
    void whatWaitsAndWhatIsParkedIsCounted() {
        assertThat(database.in(deliveries::longestWait)).isZero();
        bot.answers(410);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        record("bob", ALL);
        clock.advance(Duration.ofMinutes(7));
        record("carol", ALL);

        assertThat(database.in(() -> deliveries.count(DeliveryState.PARKED))).isEqualTo(1);
        assertThat(database.in(() -> deliveries.count(DeliveryState.WAITING))).isEqualTo(2);
        assertThat(database.in(deliveries::longestWait)).isEqualTo(Duration.ofMinutes(7));
    }

    @Test
    void onlyConnectorsWithSomethingDueAreDue() {
        assertThat(database.in(deliveries::due)).isEmpty();
        record("alice", ALL);
        assertThat(database.in(deliveries::due)).containsExactly(new ConnectorId("wallet"));

        courier.deliver(new ConnectorId("wallet"));

        assertThat(database.in(deliveries::due)).isEmpty();
    }

    @Test
    void pagesAreLatestFirstAndGoOnBehindEachOther() {
        bot.answers(410);
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        record("bob", ALL);
        record("carol", ALL);

        Deliveries.DeliveryPage first = page(null, null, null);
        Deliveries.DeliveryPage second = page(null, null, first.next());

        assertThat(first.deliveries())
                .extracting(Delivery::subject)
                .containsExactly(new Subject("carol"), new Subject("bob"));
        assertThat(second.deliveries()).extracting(Delivery::subject).containsExactly(new Subject("alice"));
        assertThat(second.next()).isNull();
        assertThat(page("wallet", DeliveryState.PARKED, null).deliveries())
                .extracting(Delivery::subject)
                .containsExactly(new Subject("alice"));
        assertThat(page("diary", null, null).deliveries()).isEmpty();
    }

    @Test
    void whatOneUsersBotWasToldIsFoundAndSentAgainAlone() {
        bot.answers(410, 410, 410);
        for (String subject : List.of("alice", "alice-2", "bob")) {
            record(subject, ALL);
        }
        for (int i = 0; i < 3; i++) {
            courier.deliver(new ConnectorId("wallet"));
        }

        assertThat(database.in(() -> deliveries.page(null, new Subject("alice"), DeliveryState.PARKED, null, 2))
                        .deliveries())
                .extracting(Delivery::subject)
                .containsExactly(new Subject("alice"));
        assertThat(database.in(() -> deliveries.page(new ConnectorId("diary"), new Subject("alice"), null, null, 2))
                        .deliveries())
                .isEmpty();
        assertThat(database.in(() -> deliveries.replayParked(new ConnectorId("diary"), new Subject("alice"))))
                .isZero();
        assertThat(database.in(() -> deliveries.replayParked(null, new Subject("alice"))))
                .isEqualTo(1);
        assertThat(states()).containsExactly("WAITING", "PARKED", "PARKED");
    }

    @Test
    void whatWasToldLongAgoIsDropped() {
        record("alice", ALL);
        courier.deliver(new ConnectorId("wallet"));
        record("bob", ALL);
        clock.advance(Duration.ofDays(31));

        database.run(deliveries::sweep);

        assertThat(states()).containsExactly("WAITING");
    }

    @Test
    void theEndOfAnInvitationIsToldOnceNobodyCanComeBackAnyMore() {
        Invitation invitation = database.in(() -> invitations
                .issue(
                        new Invitation.Request(
                                new ConnectorId("wallet"),
                                new Subject("alice"),
                                null,
                                List.of(),
                                Scopes.NONE,
                                null,
                                null,
                                null),
                        "api-key:bot")
                .invitation());
        clock.advance(Duration.ofMinutes(31));
        database.run(invitations::expire);
        assertThat(states()).isEmpty();
        clock.advance(Duration.ofMinutes(10));

        database.run(invitations::expire);
        database.run(invitations::expire);
        courier.deliver(new ConnectorId("wallet"));

        assertThat(types()).containsExactly("invitation.expired");
        assertThat(json(bot.messages().get(0)).getJsonObject("data"))
                .isEqualTo(Json.createObjectBuilder()
                        .add("invitation", invitation.id())
                        .add("connector", "wallet")
                        .add("subject", "alice")
                        .build());
    }

    @Test
    void aLinkThatWasRefusedExpiresToo() {
        database.in(() -> invitations.issue(
                new Invitation.Request(
                        new ConnectorId("wallet"), new Subject("alice"), null, List.of(), ALL, null, null, null),
                "api-key:bot"));
        database.tamper("UPDATE invitation SET status = 'DENIED'");
        clock.advance(configuration.settings().attempts().invitationLifetime().plus(Duration.ofHours(1)));

        database.run(invitations::expire);
        courier.deliver(new ConnectorId("wallet"));

        assertThat(types()).containsExactly("invitation.expired");
    }

    private void declare(Map<String, String> secrets) {
        declare(bot.url(), secrets);
    }

    private void declare(URI url, Map<String, String> secrets) {
        var definition = Json.createObjectBuilder()
                .add("provider", "mixin")
                .add("client-id", "bot-1")
                .add("client-secret", "env:X")
                .add("default-scopes", Json.createArrayBuilder().add("ASSETS:READ"));
        if (!secrets.isEmpty()) {
            var target = Json.createObjectBuilder().add("url", url.toString());
            secrets.forEach(target::add);
            definition.add("deliveries", target);
        }
        String text = definition.build().toString();
        database.run(() -> connectors.declare(Map.of(new ConnectorId("wallet"), text)));
    }

    private Grant record(String subject, Scopes granted) {
        return database.in(() -> issuing.record(received(subject, granted), "user", null, null));
    }

    private Grant record(String subject, Scopes granted, Instant confirmBy) {
        return database.in(() -> issuing.record(received(subject, granted), "user", confirmBy, null));
    }

    private Grant expiring(String subject, @Nullable Secret refreshToken) {
        var token = new TokenResponse(new Secret("access-1"), "Bearer", Duration.ofHours(1), refreshToken, ALL, null);
        return database.in(() -> issuing.record(
                new ReceivedTokens(
                        new ConnectorId("wallet"),
                        new Subject(subject),
                        new Account("user-1", "Alice", null),
                        ALL,
                        token,
                        List.of()),
                "user",
                null,
                null));
    }

    private static ReceivedTokens received(String subject, Scopes granted) {
        var token = new TokenResponse(new Secret("access-1"), "Bearer", null, null, granted, null);
        return new ReceivedTokens(
                new ConnectorId("wallet"),
                new Subject(subject),
                new Account("user-1", "Alice", null),
                ALL,
                token,
                List.of());
    }

    private Deliveries.DeliveryPage page(
            @Nullable String connector, @Nullable DeliveryState state, @Nullable Long before) {
        return database.in(
                () -> deliveries.page(TypedId.parse(connector, ConnectorId::new).orElse(null), null, state, before, 2));
    }

    private List<String> states() {
        return database.sql("SELECT state FROM delivery ORDER BY number").stream()
                .map(row -> row.get(0))
                .toList();
    }

    private List<String> ids() {
        return database.sql("SELECT id FROM delivery ORDER BY number").stream()
                .map(row -> row.get(0))
                .toList();
    }

    private List<String> subjects() {
        return bot.messages().stream()
                .map(message -> json(message).getJsonObject("data").getString("subject"))
                .toList();
    }

    private List<String> types() {
        return bot.messages().stream()
                .map(message -> json(message).getString("type"))
                .toList();
    }

    /** What happened, and the status and the reason that came with it. */
    private List<String> told() {
        return bot.messages().stream()
                .map(message -> {
                    JsonObject data = json(message).getJsonObject("data");
                    String reason = data.getString("reason", "");
                    return json(message).getString("type") + ": " + data.getString("status")
                            + (reason.isEmpty() ? "" : ", " + reason);
                })
                .toList();
    }

    private static String signature(String secret, Bot.Message message) {
        return WebhookSecret.read(new Secret(secret))
                .sign(message.id(), Instant.ofEpochSecond(Long.parseLong(message.timestamp())), message.body());
    }

    private static JsonObject json(Bot.Message message) {
        try (var reader = Json.createReader(new StringReader(message.body()))) {
            return reader.readObject();
        }
    }
}
