package dev.grantbook.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.RetentionRule;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.GrantedScopes;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.Events;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestClock;
import dev.grantbook.token.TestTokens;
import dev.grantbook.token.TokenUsage;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What is kept for how long, in every database. */
@OnDatabases
class RetentionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Scopes ASSETS = Scopes.of("PROFILE:READ", "ASSETS:READ");

    @Parameter
    Database database;

    @Inject
    TestClock clock;

    @Inject
    Events events;

    @Inject
    Connectors connectors;

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    GrantedScopes scopes;

    @Inject
    AccountGrants accounts;

    @Inject
    TokenUsage uses;

    @Inject
    RetentionJob sweeping;

    @Inject
    @Any
    Instance<RetentionRule> rooms;

    @BeforeEach
    void setUp() {
        database.clear();
        declare("bot", "");
    }

    // Tokens that nobody uses

    @Test
    void aTokenThatNoBotAsksForIsGivenUpAfterHalfAYear() {
        String grant = granted("alice");
        pass(180);
        round();
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);

        clock.advance(SECOND);
        round();

        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
        assertThat(read(grant).reason(clock.instant())).isEqualTo(EndReason.UNUSED);
        assertThat(history(grant).get(0))
                .returns(GrantEventKind.DISCONNECTED, GrantEvent::kind)
                .returns("grantbook", GrantEvent::actor)
                .returns(EndReason.UNUSED, GrantEvent::reason);
        assertThat(database.sql("SELECT access_token, refresh_token FROM user_grant"))
                .containsExactly(List.of("null", "null"));
        assertThat(database.sql("SELECT tries FROM revocation"))
                .as("the provider is told later")
                .containsExactly(List.of("0"));
    }

    @Test
    void aTokenThatABotGetsStays() {
        String grant = granted("alice");
        pass(179);
        uses.count(read(grant));
        pass(179);
        round();

        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void aUserWhoGrantsAgainIsAUse() {
        granted("alice");
        pass(179);
        String grant = granted("alice");
        pass(179);
        round();

        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void keepingATokenAliveIsNoUse() {
        String grant = granted("alice");
        pass(179);
        refreshed(grant);
        pass(2);
        round();

        assertThat(read(grant).reason(clock.instant())).isEqualTo(EndReason.UNUSED);
    }

    @Test
    void tokensWhoseTimeIsOverAreGivenUpToo() {
        String grant = granted("alice");
        database.tamper("UPDATE user_grant SET status = 'EXPIRED', refreshable = FALSE");
        pass(181);
        round();

        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void howeverManyAreUnusedAreGivenUpInOneRound() {
        for (int i = 0; i < 450; i++) {
            granted("subject-" + i);
        }
        pass(181);
        round();

        assertThat(database.sql("SELECT DISTINCT status FROM user_grant")).containsExactly(List.of("REVOKED"));
    }

    @Test
    void whatHasEndedDoesNotEndAgain() {
        String grant = granted("alice");
        pass(181);
        round();
        pass(181);
        round();

        assertThat(history(grant))
                .extracting(GrantEvent::kind)
                .containsExactly(GrantEventKind.DISCONNECTED, GrantEventKind.GRANTED);
    }

    @Test
    void aTokenThatABotGetsAtTheLastMomentStays() {
        String grant = granted("alice");
        pass(181);
        Instant end = clock.instant().minus(Duration.ofDays(180));
        List<GrantId> unused = database.in(() -> grants.findUnused(new ConnectorId("bot"), end));
        uses.count(read(grant));

        unused.forEach(id -> database.run(() -> ending.giveUp(id, end)));

        assertThat(unused).containsExactly(new GrantId(grant));
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
    }

    // Counting uses

    @Test
    void aUseIsWrittenOnceAnHour() {
        String grant = granted("alice");
        String first = usedAt();
        clock.advance(Duration.ofHours(1));
        uses.count(read(grant));
        assertThat(usedAt()).isEqualTo(first);

        clock.advance(SECOND);
        uses.count(read(grant));

        assertThat(usedAt()).isNotEqualTo(first);
    }

    @Test
    void aUseOfManyIsWrittenAtOnce() {
        List<Grant> all = List.of(read(granted("alice")), read(granted("bob")), read(granted("carol")));
        var versions = database.sql("SELECT id, version FROM user_grant ORDER BY id");
        pass(1);
        uses.count(all);

        assertThat(database.sql("SELECT DISTINCT used_at FROM user_grant")).hasSize(1);
        assertThat(database.sql("SELECT id, version FROM user_grant ORDER BY id"))
                .as("nobody who changes something else at the moment is disturbed")
                .isEqualTo(versions);
    }

    @Test
    void aUseOfWhatSomebodyElseChangesIsNotWaitedFor() {
        String grant = granted("alice");
        pass(1);
        Grant seen = read(grant);
        String before = usedAt();

        database.run(() -> {
            database.entities()
                    .createNativeQuery("SELECT id FROM user_grant FOR UPDATE")
                    .getResultList();
            CompletableFuture.runAsync(() -> uses.count(seen))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        });

        assertThat(usedAt()).isEqualTo(before);
    }

    @Test
    void aUseOfWhatHasEndedIsNone() {
        Grant seen = read(granted("alice"));
        pass(181);
        round();
        uses.count(seen);

        assertThat(usedAt()).isEqualTo("null");
    }

    // Histories

    @Test
    void linesOfHistoriesGoAfterTwoYearsButForTheProofThatTheUserGranted() {
        declare("bot", "\"unused\": \"P9Y\"");
        granted("alice");
        pass(1);
        granted("alice");
        pass(1);
        String grant = granted("alice");
        database.run(() -> issuing.refuse(read(grant), ASSETS));
        assertThat(history(grant))
                .extracting(GrantEvent::kind)
                .containsExactlyInAnyOrder(
                        GrantEventKind.GRANTED, GrantEventKind.CHANGED, GrantEventKind.CHANGED, GrantEventKind.REFUSED);
        Instant last = clock.instant();
        pass(729);
        round();
        assertThat(history(grant)).hasSize(4);

        pass(3);
        round();

        assertThat(history(grant))
                .extracting(GrantEvent::kind)
                .containsExactly(GrantEventKind.CHANGED, GrantEventKind.GRANTED);
        assertThat(history(grant).get(0).at()).isEqualTo(last);
    }

    @Test
    void whatTheProviderToldLastIsNoProofOfWhatTheUserDid() {
        declare("bot", "\"unused\": \"P9Y\"");
        granted("alice");
        pass(1);
        String grant = granted("alice");
        for (String granted : new String[] {"PROFILE:READ", "PHONE:READ"}) {
            pass(1);
            database.run(() ->
                    scopes.prove(grants.find(new GrantId(grant)).orElseThrow(), Scopes.of(granted), clock.instant()));
        }

        pass(740);
        round();

        assertThat(history(grant))
                .extracting(GrantEvent::kind, GrantEvent::actor)
                .containsExactly(
                        tuple(GrantEventKind.CHANGED, "provider"),
                        tuple(GrantEventKind.CHANGED, "user"),
                        tuple(GrantEventKind.GRANTED, "user"));
    }

    @Test
    void whereTheTokensCameFromIsProofToo() {
        declare("bot", "\"unused\": \"P9Y\"");
        String grant = database.in(() -> issuing.importGrant(received("bot", "alice"), "api-key:bot")
                .orElseThrow()
                .id()
                .value());

        pass(740);
        round();

        assertThat(history(grant)).extracting(GrantEvent::kind).containsExactly(GrantEventKind.IMPORTED);
    }

    @Test
    void aGrantGoesWholeTwoYearsAfterItsLastLine() {
        String grant = granted("alice");
        granted("bob");
        database.run(() -> end(grant));
        pass(100);
        database.run(() -> issuing.refuse(read(grant), ASSETS));
        pass(700);
        round();
        assertThat(subjects()).as("a line is younger").contains(List.of("alice"));

        pass(40);
        round();

        assertThat(subjects()).containsExactly(List.of("bob"));
        List<GrantEventRecorded> told = events.of(GrantEventRecorded.class);
        assertThat(told.get(told.size() - 1))
                .as("a bot that forgets with us is told")
                .returns(new GrantId(grant), happened -> happened.grant().id())
                .returns(GrantEventKind.ERASED, happened -> happened.event().kind());
        assertThat(database.sql("SELECT DISTINCT grant_id FROM grant_event")).hasSize(1);
        assertThat(database.sql("SELECT word FROM grant_word")).doesNotContain(List.of("alice"));
    }

    // Trips, links and conversations

    @Test
    void tripsAndLinksGoAfterAMonthAndALinkNotBeforeItsTrip() {
        invitation("i-1", "OPENED");
        attempt("a-1", "'i-1'");
        attempt("a-2", "NULL");
        pass(30);
        round();
        assertThat(attempts()).hasSize(2);

        pass(1);
        declare("bot", "\"attempts\": \"P2M\"");
        database.tamper("UPDATE invitation SET status = 'EXPIRED'");
        round();
        assertThat(invitations()).as("its trip is kept for longer").hasSize(1);

        declare("bot", "");
        round();
        assertThat(attempts()).isEmpty();
        assertThat(invitations()).isEmpty();
    }

    @Test
    void aLinkWhoseEndNobodyWasToldStays() {
        invitation("i-1", "WAITING");
        pass(31);
        round();
        assertThat(invitations()).hasSize(1);

        database.tamper("UPDATE invitation SET status = 'EXPIRED'");
        round();
        assertThat(invitations()).isEmpty();
    }

    @Test
    void aConversationGoesWhenNobodyAsksAnyMoreAndItsGrantIsGone() {
        String grant = granted("alice");
        conversation("c-1", "'" + grant + "'");
        conversation("c-2", "NULL");
        link("l-1", "c-1");
        pass(31);
        round();
        assertThat(database.sql("SELECT id FROM conversation_link")).isEmpty();
        assertThat(conversations()).hasSize(2);

        pass(149);
        clock.advance(SECOND);
        uses.count(read(grant));
        round();
        assertThat(conversations()).as("its grant lives").containsExactly(List.of("c-1"));

        database.run(() -> end(grant));
        round();
        assertThat(conversations()).isEmpty();
    }

    // How

    @Test
    void eachConnectorHasItsOwnAgesAlsoWhenItIsDeclaredNoMore() {
        declare("weekly", "\"unused\": \"P1W\"");
        database.tamper("UPDATE connector SET enabled = FALSE, definition ="
                + " '{\"provider\": \"gone\", \"retention\": {\"unused\": \"P1W\"}}' WHERE id = 'weekly'");
        granted("bot", "alice");
        granted("weekly", "bob");
        pass(8);
        round();

        assertThat(database.sql("SELECT subject FROM user_grant WHERE status = 'REVOKED'"))
                .containsExactly(List.of("bob"));
    }

    @Test
    void whateverThereIsGoesInOneRound() {
        for (int i = 0; i < 450; i++) {
            attempt("a-" + i, "NULL");
        }
        pass(31);
        round();

        assertThat(attempts()).isEmpty();
    }

    @Test
    void nodesShareTheWork() {
        for (int i = 0; i < 300; i++) {
            attempt("a-" + i, "NULL");
        }
        pass(31);
        RetentionPeriods retention =
                Objects.requireNonNull(connectors.retentions().get(new ConnectorId("bot")));

        int others = database.in(() -> {
            List<?> locked = database.entities()
                    .createNativeQuery("SELECT id FROM attempt WHERE id LIKE 'a-1%' FOR UPDATE")
                    .getResultList();
            assertThat(locked).hasSize(111);
            return CompletableFuture.supplyAsync(() -> drop(retention))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        });

        assertThat(others).as("what one has locked the others pass over").isEqualTo(189);
        assertThat(drop(retention)).isEqualTo(111);
    }

    private int drop(RetentionPeriods retention) {
        return rooms.stream()
                .mapToInt(room -> room.drop(new ConnectorId("bot"), retention))
                .sum();
    }

    @Test
    void aRoomThatFailsKeepsNobodyElse() {
        declare("diary", "");
        granted("diary", "alice");
        attempt("a-1", "NULL");
        pass(181);
        RetentionRule broken = (connector, retention) -> {
            throw new IllegalStateException("as the test wants");
        };

        var other = Beans.another(RetentionJob.class);
        other.rooms = instance(Stream.concat(Stream.of(broken), rooms.stream()).toList());
        other.round();

        assertThat(attempts()).isEmpty();
        assertThat(database.sql("SELECT status FROM user_grant")).containsExactly(List.of("REVOKED"));
    }

    // Helpers

    private void round() {
        sweeping.round();
    }

    private void declare(String connector, String retention) {
        var all = new ArrayList<String>();
        database.sql("SELECT id FROM connector").forEach(row -> all.add(row.get(0)));
        String definition = "{\"provider\": \"discord\", \"client-id\": \"1\", \"retention\": {" + retention + "}}";
        database.tamper(
                all.contains(connector)
                        ? "UPDATE connector SET definition = '" + definition + "' WHERE id = '" + connector + "'"
                        : "INSERT INTO connector VALUES ('" + connector + "', '" + definition + "', TRUE, 1)");
    }

    private void pass(int days) {
        clock.advance(Duration.ofDays(days));
    }

    private String granted(String subject) {
        return granted("bot", subject);
    }

    private String granted(String connector, String subject) {
        return database.in(() -> issuing.record(received(connector, subject), "user", null, null)
                .id()
                .value());
    }

    private static ReceivedTokens received(String connector, String subject) {
        return new ReceivedTokens(
                new ConnectorId(connector),
                new Subject(subject),
                new Account("of " + subject, null, null),
                ASSETS,
                reply("refresh-0"),
                List.of());
    }

    private static TokenResponse reply(@Nullable String refresh) {
        return new TokenResponse(
                new Secret("access"), "Bearer", null, refresh == null ? null : new Secret(refresh), ASSETS, null);
    }

    private void refreshed(String grant) {
        assertThat(TestTokens.refresh(read(grant), () -> {}, reply(null), ASSETS))
                .isTrue();
    }

    /** As whoever ends it. */
    private void end(String grant) {
        accounts.withdraw(List.of(new ConnectorId("bot")), read(grant).accountId(), clock.instant());
    }

    private Grant read(String id) {
        return grants.find(new GrantId(id)).orElseThrow();
    }

    private List<GrantEvent> history(String id) {
        return database.in(() -> history.of(new GrantId(id)));
    }

    private String usedAt() {
        return database.sql("SELECT used_at FROM user_grant").get(0).get(0);
    }

    private List<List<String>> subjects() {
        return database.sql("SELECT subject FROM user_grant");
    }

    private List<List<String>> attempts() {
        return database.sql("SELECT id FROM attempt");
    }

    private List<List<String>> invitations() {
        return database.sql("SELECT id FROM invitation");
    }

    private List<List<String>> conversations() {
        return database.sql("SELECT id FROM conversation");
    }

    private void invitation(String id, String status) {
        insert(
                "invitation",
                Map.of(
                        "id",
                        quoted(id),
                        "token_hash",
                        quoted(id),
                        "subject",
                        "'alice'",
                        "features",
                        "''",
                        "scopes",
                        "''",
                        "status",
                        quoted(status)));
    }

    private void attempt(String id, String invitation) {
        insert(
                "attempt",
                Map.of(
                        "id",
                        quoted(id),
                        "state_hash",
                        quoted(id),
                        "browser_hash",
                        "'b'",
                        "handle_used",
                        "FALSE",
                        "invitation",
                        invitation,
                        "features",
                        "''",
                        "scopes",
                        "''",
                        "asked",
                        "''",
                        "asked_before",
                        "0",
                        "status",
                        "'DENIED'"));
    }

    private void conversation(String id, String grant) {
        database.tamper(
                "INSERT INTO conversation (id, connector, channel, session_id, subject, grant_id, auth_code_status,"
                        + " created_at, updated_at, version) VALUES ('" + id + "', 'bot', 'WEB', '" + id
                        + "', 'alice', " + grant
                        + ", 'NONE', " + now() + ", " + now() + ", 1)");
    }

    private void link(String id, String conversation) {
        database.tamper("INSERT INTO conversation_link (id, conversation, created_at, expires_at, version) VALUES ('"
                + id + "', '" + conversation + "', " + now() + ", " + now() + ", 1)");
    }

    /** Its deadline is now. */
    private void insert(String table, Map<String, String> values) {
        database.tamper("INSERT INTO " + table + " (connector, created_at, expires_at, version, "
                + String.join(", ", values.keySet()) + ") VALUES ('bot', " + now() + ", " + now() + ", 1, "
                + String.join(", ", values.values()) + ")");
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private String now() {
        return "CAST('" + clock.instant() + "' AS TIMESTAMP(6) WITH TIME ZONE)";
    }

    /** As CDI would hand them in. */
    @SuppressWarnings("unchecked")
    private static Instance<RetentionRule> instance(List<RetentionRule> rooms) {
        return (Instance<RetentionRule>) Proxy.newProxyInstance(
                Instance.class.getClassLoader(),
                new Class<?>[] {Instance.class},
                (proxy, method, arguments) -> method.invoke(rooms, arguments));
    }
}
