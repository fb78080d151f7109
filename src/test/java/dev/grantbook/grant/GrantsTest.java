package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.grant.search.GrantQuery.GrantCursor;
import dev.grantbook.grant.search.GrantQuery.Sort;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.grant.search.Page;
import dev.grantbook.grant.search.TestSearch;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.Vault;
import dev.grantbook.vault.VaultException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for grants in every database. */
@OnDatabases
class GrantsTest {

    private static final Scopes ASKED = Scopes.of("PROFILE:READ", "ASSETS:READ", "PHONE:READ");
    private static final Scopes GRANTED = Scopes.of("PROFILE:READ", "ASSETS:READ");

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    Vault vault;

    @Inject
    Grants grants;

    @Inject
    GrantSearch search;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    GrantTimes times;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    @Test
    void whatWasGrantedComesBack() {
        Grant made = record(alice());

        Grant found = find(made.id());

        assertThat(found.connector()).isEqualTo(new ConnectorId("wallet"));
        assertThat(found.subject()).isEqualTo(new Subject("alice"));
        assertThat(found.accountId()).isEqualTo("a-1");
        assertThat(found.accountName()).isEqualTo("Alice 王 😀");
        assertThat(found.granted().toList()).containsExactly("PROFILE:READ", "ASSETS:READ");
        assertThat(found.tokenType()).isEqualTo("Bearer");
        assertThat(found.status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(found.createdAt()).isEqualTo(clock.instant());
        assertThat(found.updatedAt()).isEqualTo(clock.instant());
        assertThat(found.verifiedAt()).isEqualTo(clock.instant());
        assertThat(found.expiresAt()).isNull();
        assertThat(grants.accessToken(found)).contains(new Secret("access-1"));
    }

    @Test
    void manySubjectsAreFoundAtOnceEachWithItsBestGrant() {
        Grant ended = record(alice());
        database.run(() -> ending.disconnect(ended.id(), "user", any -> {}));
        clock.advance(Duration.ofMinutes(1));
        Grant live = record(alice().account("a-2"));
        Grant bob = record(alice().subject("bob"));
        record(alice().connector("diary").subject("carol"));

        Map<Subject, Grant> found = database.in(() -> grants.find(
                new ConnectorId("wallet"),
                List.of(new Subject("alice"), new Subject("bob"), new Subject("carol"), new Subject("nobody"))));

        assertThat(found).containsOnlyKeys(new Subject("alice"), new Subject("bob"));
        assertThat(found.get(new Subject("alice"))).returns(live.id(), Grant::id);
        assertThat(found.get(new Subject("bob"))).returns(bob.id(), Grant::id);
        assertThat(database.in(() -> grants.find(new ConnectorId("wallet"), List.of())))
                .isEmpty();
    }

    @Test
    void howeverManySubjectsThereAreTheyAreAskedForInOneQuery() {
        List<Subject> subjects =
                IntStream.range(0, 50).mapToObj(i -> new Subject("s-" + i)).toList();
        subjects.forEach(subject -> record(alice().subject(subject.value())));

        int statements = database.statements(() -> database.run(() ->
                assertThat(grants.find(new ConnectorId("wallet"), subjects)).hasSize(50)));

        assertThat(statements).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"America/St_Johns, Asia/Kathmandu", "Pacific/Kiritimati, UTC", "UTC, America/Los_Angeles"})
    void timesComeBackToTheMillisecondInAnyTimeZone(String writing, String reading) {
        TimeZone before = TimeZone.getDefault();
        try {
            // In both zones of the first pair, and in many others, the clocks jump around these times.
            clock.advance(Duration.between(clock.instant(), Instant.parse("2027-03-14T07:30:00.789Z")));
            TimeZone.setDefault(TimeZone.getTimeZone(writing));
            Grant made = record(alice().expiresIn(Duration.ofDays(1)));
            TimeZone.setDefault(TimeZone.getTimeZone(reading));

            Grant found = find(made.id());

            assertThat(found.createdAt()).isEqualTo(Instant.parse("2027-03-14T07:30:00.789Z"));
            assertThat(found.expiresAt()).isEqualTo(Instant.parse("2027-03-15T07:30:00.789Z"));
            assertThat(history(made.id()).get(0).at()).isEqualTo(Instant.parse("2027-03-14T07:30:00.789Z"));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void noTokenStandsInTheDatabaseInClear() {
        record(alice().refresh("refresh-1"));

        assertThat(database.sql("SELECT access_token, refresh_token FROM user_grant"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .hasSize(2)
                        .allSatisfy(cipher -> assertThat(cipher)
                                .matches("[A-Za-z0-9+/]{40,}=*")
                                .doesNotContain("access-1", "refresh-1")));
        assertThat(database.sql("SELECT * FROM user_grant").toString()).doesNotContain("access-1", "refresh-1");
        assertThat(database.sql("SELECT * FROM grant_event").toString()).doesNotContain("access-1", "refresh-1");
    }

    @Test
    void aTokenThatWasCopiedFromAnotherRowDoesNotOpen() {
        Grant alice = record(alice());
        Grant mallory = record(alice().subject("mallory").account("m-1").token("access-m"));

        int changed = database.tamper("UPDATE user_grant SET access_token = (SELECT v.access_token FROM user_grant v"
                + " WHERE v.id = '" + alice.id() + "') WHERE id = '" + mallory.id() + "'");

        assertThat(changed).isOne();
        Grant tampered = find(mallory.id());
        assertThatExceptionOfType(VaultException.class).isThrownBy(() -> grants.accessToken(tampered));
        assertThat(grants.accessToken(find(alice.id()))).contains(new Secret("access-1"));
    }

    @Test
    void aTokenThatWasCopiedFromAnotherColumnDoesNotOpen() {
        Grant alice = record(alice().refresh("refresh-1"));
        database.tamper("UPDATE user_grant SET access_token = refresh_token");

        assertThatExceptionOfType(VaultException.class).isThrownBy(() -> grants.accessToken(find(alice.id())));
    }

    @Test
    @DisplayName("2.4 A reply without refresh_token keeps the one there was, of the same account and a live grant")
    void aReplyWithoutARefreshTokenKeepsTheOneThereWas() {
        Grant grant = record(alice().refresh("refresh-1").expiresIn(Duration.ofHours(1)));
        clock.advance(Duration.ofMinutes(5));
        record(alice().token("access-2").expiresIn(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(1));

        Grant found = find(grant.id());
        assertThat(found.isRefreshable()).isTrue();
        assertThat(refreshToken(found)).isEqualTo("refresh-1");
        assertThat(found.status(clock.instant()))
                .as("its access token is over, and another one can be had")
                .isEqualTo(GrantStatus.ACTIVE);
        record(alice().token("access-3").refresh("refresh-3"));
        assertThat(refreshToken(find(grant.id()))).isEqualTo("refresh-3");
    }

    @Test
    @DisplayName("2.4 What ended, or may be another account's, leaves no refresh token behind")
    void whatEndedLeavesNoRefreshTokenBehind() {
        Grant ended = record(alice().refresh("refresh-1"));
        database.in(() -> ending.disconnect(ended.id(), "user", any -> {}));
        Grant unknown = record(alice().subject("bob").account("").refresh("refresh-b"));
        record(alice().token("access-2"));
        record(alice().subject("bob").account("").token("access-b2"));

        assertThat(find(ended.id()).tokens().refresh()).isNull();
        assertThat(find(ended.id()).isRefreshable()).isFalse();
        assertThat(find(unknown.id()).tokens().refresh()).isNull();
    }

    private String refreshToken(Grant grant) {
        return vault.open(Objects.requireNonNull(grant.tokens().refresh()), grant.refreshTokenAssociatedData());
    }

    @Test
    @DisplayName("5.3 Nothing but an active grant yields its access token")
    void nothingButAnActiveGrantYieldsItsToken() {
        Grant expired = record(alice());
        Grant revoked = record(alice().subject("bob").account("b-1"));
        Grant waiting = record(alice().subject("carol").account("c-1"));
        // Their tokens are still there, as after a mistake of ours elsewhere.
        database.tamper("UPDATE user_grant SET status = 'EXPIRED' WHERE id = '" + expired.id() + "'");
        database.tamper("UPDATE user_grant SET status = 'REVOKED' WHERE id = '" + revoked.id() + "'");
        database.tamper("UPDATE user_grant SET status = 'UNCONFIRMED' WHERE id = '" + waiting.id() + "'");

        assertThat(grants.accessToken(find(expired.id()))).isEmpty();
        assertThat(grants.accessToken(find(revoked.id()))).isEmpty();
        assertThat(grants.accessToken(find(waiting.id()))).isEmpty();
    }

    @Test
    void aLaterExchangeTakesThePlaceOfTheEarlierOne() {
        Grant first = record(alice().expiresIn(Duration.ofHours(1)));
        clock.advance(Duration.ofMinutes(5));

        Grant second = record(alice().token("access-2")
                .granted(Scopes.of("PHONE:READ", "PROFILE:READ"))
                .name("Alicia"));

        assertThat(second.id()).isEqualTo(first.id());
        Grant found = find(first.id());
        assertThat(found.granted().toList()).containsExactly("PHONE:READ", "PROFILE:READ");
        assertThat(found.accountName()).isEqualTo("Alicia");
        assertThat(found.expiresAt()).isNull();
        assertThat(found.createdAt()).isEqualTo(clock.instant().minus(Duration.ofMinutes(5)));
        assertThat(found.updatedAt()).isEqualTo(clock.instant());
        assertThat(grants.accessToken(found)).contains(new Secret("access-2"));
        assertThat(list(query().scope("ASSETS:READ"))).isEmpty();
        assertThat(list(query().scope("PHONE:READ"))).containsExactly("alice");
        assertThat(list(query().text("alicia"))).containsExactly("alice");
        assertThat(list(query().text("王"))).isEmpty();
    }

    @Test
    void aReplyWithoutScopesMeansAllThatWasAsked() {
        assertThat(record(alice().granted(null)).granted()).isEqualTo(ASKED);
    }

    @Test
    void oneSubjectMayHaveSeveralAccountsAndConnectors() {
        record(alice());
        record(alice().account("a-2"));
        record(alice().connector("diary"));

        assertThat(list(query())).hasSize(3);
        assertThat(list(query().connector("wallet"))).hasSize(2);
    }

    @Test
    void theSameSubjectConnectingTwiceAtOnceHasOneGrant() {
        List<Grant> made = database.together(4, () -> issuing.record(alice().received(), "user", null, null), 20);

        assertThat(made).extracting(Grant::id).containsOnly(made.get(0).id());
        assertThat(list(query())).containsExactly("alice");
        assertThat(history(made.get(0).id()))
                .hasSize(4)
                .extracting(GrantEvent::kind)
                .contains(GrantEventKind.GRANTED);
        assertThat(database.sql("SELECT scopes FROM granted_set")).containsExactly(List.of("PROFILE:READ ASSETS:READ"));
    }

    @Test
    void manySubjectsMayBeTheFirstToGrantTheSameAtOnce() {
        var subjects = new AtomicInteger();
        for (int round = 1; round <= 10; round++) {
            var scopes = Scopes.of("PROFILE:READ", "ROUND:" + round);
            database.together(
                    5,
                    () -> issuing.record(
                            alice().subject("s-" + subjects.incrementAndGet())
                                    .granted(scopes)
                                    .received(),
                            "user",
                            null,
                            null));
        }

        assertThat(database.sql("SELECT COUNT(*) FROM user_grant")).containsExactly(List.of("50"));
        assertThat(database.sql("SELECT COUNT(*) FROM granted_set")).containsExactly(List.of("10"));
    }

    @Test
    void aNewGrantIsAsOldAsItsFirstToken() {
        ReceivedTokens received = alice().received();

        Grant grant = database.in(() -> {
            Grant prepared = issuing.prepare(received);
            clock.advance(Duration.ofMillis(1));
            issuing.record(prepared, received, "user", null, null);
            return prepared;
        });

        assertThat(grant.tokens().issuedAt()).isEqualTo(grant.createdAt());
    }

    @Test
    void scopesOfATransactionThatWasRolledBackAreNotTakenForStored() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> database.run(() -> {
                    issuing.record(alice().received(), "user", null, null);
                    throw new IllegalStateException("as the test wants");
                }));

        record(alice());

        assertThat(database.sql("SELECT scopes FROM granted_set")).hasSize(1);
    }

    @Test
    void theBestGrantOfASubjectIsALiveOneAndThenTheLatest() {
        Grant old = record(alice().account("a-1"));
        clock.advance(Duration.ofSeconds(1));
        Grant latest = record(alice().account("a-2"));
        clock.advance(Duration.ofSeconds(1));
        Grant ended = record(alice().account("a-3"));
        disconnect(ended.id());

        assertThat(best(null)).isEqualTo(latest.id());
        assertThat(best("a-1")).isEqualTo(old.id());
        assertThat(best("a-3")).isEqualTo(ended.id());
        assertThat(best("a-4")).isNull();
        disconnect(latest.id());
        assertThat(best(null)).isEqualTo(old.id());
    }

    @Test
    void aLifetimeEndsWithoutAnybodyWritingItDown() {
        Grant made = record(alice().expiresIn(Duration.ofHours(1)));
        clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(find(made.id()).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(list(query().status(GrantStatus.ACTIVE))).containsExactly("alice");
        assertThat(list(query().status(GrantStatus.EXPIRED))).isEmpty();

        clock.advance(Duration.ofMillis(1));

        assertThat(find(made.id()).status(clock.instant())).isEqualTo(GrantStatus.EXPIRED);
        ending.endOverdue();
        assertThat(list(query().status(GrantStatus.ACTIVE))).isEmpty();
        assertThat(list(query().status(GrantStatus.EXPIRED))).containsExactly("alice");
    }

    @Test
    void disconnectingDestroysTheTokensAndOnce() {
        Grant made = record(alice().refresh("refresh-1").expiresIn(Duration.ofHours(1)));

        assertThat(disconnect(made.id())).isPresent();

        assertThat(disconnect(made.id())).isEmpty();
        assertThat(database.sql("SELECT access_token, refresh_token, status FROM user_grant"))
                .containsExactly(List.of("null", "null", "REVOKED"));
        assertThat(grants.accessToken(find(made.id()))).isEmpty();
        assertThat(history(made.id())).extracting(GrantEvent::kind).containsOnlyOnce(GrantEventKind.DISCONNECTED);
        clock.advance(Duration.ofHours(2));
        assertThat(find(made.id()).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void aGrantEndsThoughItsTokenCannotBeOpened() {
        Grant made = record(alice());
        database.tamper("UPDATE user_grant SET access_token = 'bm90IHNlYWxlZA=='");

        assertThat(disconnect(made.id())).isPresent();
        assertThat(database.sql("SELECT id FROM revocation")).isEmpty();

        assertThat(find(made.id()).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
        assertThat(history(made.id()).get(0))
                .returns(GrantEventKind.PROVIDER_NOT_NOTIFIED, GrantEvent::kind)
                .returns(EndReason.UNREADABLE, GrantEvent::reason);
    }

    @Test
    void aTokenThatTheProviderRejectsEndsItsGrant() {
        Grant grant = record(alice());

        database.run(() -> ending.reject(grant));

        assertThat(database.sql("SELECT access_token, status FROM user_grant"))
                .containsExactly(List.of("null", "REVOKED"));
        assertThat(find(grant.id()).reason(clock.instant())).isEqualTo(EndReason.TOKEN_REJECTED);
        assertThat(history(grant.id()))
                .filteredOn(event -> event.kind() == GrantEventKind.REJECTED)
                .extracting(GrantEvent::actor)
                .containsExactly("provider");
    }

    @Test
    void aTokenThatTheProviderRejectsIsOverWhereAnotherCanBeGot() {
        Grant grant = record(alice().refresh("refresh-1"));

        database.run(() -> ending.reject(grant));

        assertThat(find(grant.id()).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(grants.accessToken(find(grant.id()))).isEmpty();
        assertThat(find(grant.id()).isRefreshDue(Duration.ofMinutes(5), clock.instant()))
                .isTrue();
    }

    @Test
    void disconnectingWhatIsNotThereGivesNothing() {
        assertThat(disconnect(new GrantId("no-such-grant"))).isEmpty();
    }

    @Test
    void grantingAgainAfterTheEndMakesTheSameGrantLive() {
        Grant made = record(alice());
        disconnect(made.id());

        assertThat(record(alice().token("access-2")).id()).isEqualTo(made.id());

        assertThat(find(made.id()).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(grants.accessToken(find(made.id()))).contains(new Secret("access-2"));
    }

    @Test
    void theHistoryTellsLatestFirstWhatWasAskedGrantedAndDeclined() {
        Grant made = record(alice());
        clock.advance(Duration.ofMinutes(1));
        record(alice().granted(ASKED));
        clock.advance(Duration.ofMinutes(1));
        database.run(() -> issuing.refuse(made, ASKED));
        clock.advance(Duration.ofMinutes(1));
        database.in(() -> ending.disconnect(made.id(), "administrator:admin", any -> {}));
        clock.advance(Duration.ofMinutes(1));
        record(alice());

        List<GrantEvent> history = history(made.id());

        assertThat(history)
                .extracting(GrantEvent::kind)
                .containsExactly(
                        GrantEventKind.PROVIDER_NOT_NOTIFIED,
                        GrantEventKind.GRANTED,
                        GrantEventKind.DISCONNECTED,
                        GrantEventKind.REFUSED,
                        GrantEventKind.CHANGED,
                        GrantEventKind.GRANTED);
        assertThat(history)
                .extracting(event -> event.declined().toString())
                .containsExactly("", "PHONE:READ", "", ASKED.toString(), "", "PHONE:READ");
        assertThat(history.get(2).actor()).isEqualTo("administrator:admin");
        assertThat(history.get(5).asked()).isEqualTo(ASKED);
        assertThat(history.get(5).granted()).isEqualTo(GRANTED);
        assertThat(history).isSortedAccordingTo((one, other) -> other.at().compareTo(one.at()));
    }

    @Test
    void eachFilterFindsItsOwn() {
        record(alice());
        record(alice().subject("bob").account("b-1").name("Bob").granted(Scopes.of("PHONE:READ")));
        record(alice().subject("carol")
                .account("c-1")
                .name(null)
                .connector("diary")
                .granted(Scopes.NONE));
        Grant dave = record(alice().subject("dave").account("d-1").name("Dave").expiresIn(Duration.ofHours(1)));
        disconnect(dave.id());

        assertThat(list(query())).containsExactlyInAnyOrder("alice", "bob", "carol", "dave");
        assertThat(list(query().connector("diary"))).containsExactly("carol");
        assertThat(list(query().connector("absent"))).isEmpty();
        assertThat(list(query().subject("bob"))).containsExactly("bob");
        assertThat(list(query().subject("Bob"))).isEmpty();
        assertThat(list(query().scope("PHONE:READ"))).containsExactly("bob");
        assertThat(list(query().missing("PHONE:READ"))).containsExactlyInAnyOrder("alice", "carol", "dave");
        assertThat(list(query().missing("PHONE:READ").scope("ASSETS:READ"))).containsExactlyInAnyOrder("alice", "dave");
        assertThat(list(query().status(GrantStatus.REVOKED))).containsExactly("dave");
        assertThat(list(query().status(GrantStatus.ACTIVE).missing("PHONE:READ").connector("wallet")))
                .containsExactly("alice");
        assertThat(list(query().missing("PHONE:READ").status(GrantStatus.ACTIVE, GrantStatus.REVOKED)))
                .containsExactlyInAnyOrder("alice", "carol", "dave");
        assertThat(list(query().text("a").scope("ASSETS:READ").status(GrantStatus.ACTIVE, GrantStatus.EXPIRED)))
                .containsExactly("alice");
        assertThat(list(query().status())).isEmpty();
        assertThat(list(query().scope("PHONE:READ").missing("PHONE:READ"))).isEmpty();
        assertThat(list(query().missing("PHONE:READ").askedBy("wallet")))
                .as("carol granted to a bot that never asks for it")
                .containsExactlyInAnyOrder("alice", "dave");
        assertThat(list(query().missing("PHONE:READ").askedBy())).isEmpty();
        assertThat(list(query().text("b")
                        .status(GrantStatus.ACTIVE)
                        .scope("PHONE:READ")
                        .subject("bob")
                        .connector("wallet")))
                .containsExactly("bob");
    }

    @ParameterizedTest
    @CsvSource({
        "ALI,          alice",
        "'  alice  ',  alice",
        "a-1,          alice",
        "王,           alice",
        "😀,           alice",
        "lice,         ''",
        "100%,         100%_sure!",
        "100%_sure!,   100%_sure!",
        "100_,         ''",
        "%,            ''",
        "_,            ''",
        "!,            ''",
        "\uDBFF\uDFFF, ''",
        "\\,           ''",
        "x' OR 1=1 --, ''"
    })
    void textFindsTheStartOfASubjectAccountOrNameAndNothingElse(String text, String subject) {
        record(alice());
        record(alice().subject("100%_sure!").account("x-1").name("Xavier"));

        assertThat(list(query().text(text))).isEqualTo(subject.isEmpty() ? List.of() : List.of(subject));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void aTextThatManyHaveIsFoundInAnyCombination(int frequent) {
        var search = Beans.another(GrantSearch.class);
        TestSearch.limit(search, 1, frequent);
        Beans.replace(search);
        record(alice());
        clock.advance(Duration.ofSeconds(1));
        record(alice().subject("albert").account("b-1").name("Albert").granted(Scopes.of("PHONE:READ")));
        clock.advance(Duration.ofSeconds(1));
        record(alice().subject("bob").account("c-1").name("Bob"));

        for (Sort sort : Sort.values()) {
            assertThat(list(query().text("al").sort(sort))).containsExactlyInAnyOrder("alice", "albert");
            assertThat(list(query().text("al").sort(sort).status(GrantStatus.ACTIVE)))
                    .containsExactlyInAnyOrder("alice", "albert");
            assertThat(list(query().text("al").sort(sort).scope("PHONE:READ"))).containsExactly("albert");
            assertThat(list(query().text("al").sort(sort).missing("PHONE:READ")))
                    .containsExactly("alice");
            assertThat(list(query().text("al").sort(sort).connector("diary"))).isEmpty();
            assertThat(list(query().text("al").sort(sort).subject("alice"))).containsExactly("alice");
            GrantCursor first = database.in(() ->
                            search.page(query().text("al").sort(sort).limit(1).build()))
                    .next();
            assertThat(list(query().text("al").sort(sort).after(first))).containsExactly("alice");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   "})
    void blankTextFindsAll(String text) {
        record(alice());

        assertThat(list(query().text(text))).containsExactly("alice");
    }

    @Test
    void theLongestValuesThatAreAllowedCanBeKept() {
        String longest = "İ".repeat(255);
        Scopes scopes = Scopes.of("s".repeat(255), "t".repeat(255));

        Grant made = record(alice().subject(longest)
                .account(longest)
                .name(longest)
                .granted(scopes)
                .token("t".repeat(16 * 1024)));

        assertThat(find(made.id()).subject()).isEqualTo(new Subject(longest));
        assertThat(list(query().scope("s".repeat(255)))).hasSize(1);
        assertThat(grants.accessToken(find(made.id()))).contains(new Secret("t".repeat(16 * 1024)));
    }

    @ParameterizedTest
    @EnumSource(Sort.class)
    void pagesShowEveryRowOnceThoughManyChangedAtTheSameMoment(Sort sort) {
        for (int i = 0; i < 60; i++) {
            if (i % 20 == 0) {
                clock.advance(Duration.ofMillis(1));
            }
            // Two subjects of each name, so that the second key of the order is needed as well.
            record(alice().subject("user-" + i / 2).account("u-" + i));
        }
        List<Grant> seen = new ArrayList<>();
        GrantCursor after = null;
        int pages = 0;
        do {
            GrantCursor from = after;
            Page page = database.in(
                    () -> search.page(query().sort(sort).after(from).limit(7).build()));
            assertThat(page.grants()).hasSizeBetween(1, 7);
            seen.addAll(page.grants());
            after = page.next();
            pages++;
        } while (after != null);

        assertThat(pages).isEqualTo(9);
        assertThat(seen).hasSize(60);
        assertThat(new HashSet<>(seen.stream().map(Grant::id).toList())).hasSize(60);
        assertThat(seen)
                .isSortedAccordingTo(
                        sort == Sort.SUBJECT
                                ? (one, other) -> one.subject()
                                        .value()
                                        .compareTo(other.subject().value())
                                : (one, other) -> other.updatedAt().compareTo(one.updatedAt()));
    }

    @Test
    void aPageThatIsExactlyFullIsTheLast() {
        record(alice());
        record(alice().account("a-2"));

        assertThat(database.in(() -> search.page(query().limit(2).build())).next())
                .isNull();
        assertThat(database.in(() -> search.page(query().limit(1).build())).next())
                .isNotNull();
    }

    private Grant record(Sample sample) {
        return database.in(() -> issuing.record(sample.received(), "user", null, null));
    }

    private Grant find(GrantId id) {
        return database.in(() -> grants.find(id).orElseThrow());
    }

    private @Nullable GrantId best(@Nullable String account) {
        return database.in(() -> grants.find(new ConnectorId("wallet"), new Subject("alice"), account))
                .map(Grant::id)
                .orElse(null);
    }

    private Optional<Grant> disconnect(GrantId id) {
        return database.in(() -> ending.disconnect(id, "user", any -> {}));
    }

    private List<GrantEvent> history(GrantId id) {
        return database.in(() -> history.of(id));
    }

    private List<String> list(Query query) {
        return database.in(() -> search.page(query.build())).grants().stream()
                .map(grant -> grant.subject().value())
                .toList();
    }

    private static Sample alice() {
        return new Sample();
    }

    private static Query query() {
        return new Query();
    }
}
