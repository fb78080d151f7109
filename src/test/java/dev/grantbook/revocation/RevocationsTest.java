package dev.grantbook.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Sample;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.revocation.Revocations.RevocationAnswer;
import dev.grantbook.revocation.Revocations.RevocationClaim;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds, in every database, for telling providers that tokens have ended. */
@OnDatabases
class RevocationsTest {

    private static final String STANDARD = """
            {"provider": "oauth2", "client-id": "bot-1", "features": {},
             "endpoints": {"authorization": "https://p.example/authorize", "token": "https://p.example/token",
                           "revocation": "https://p.example/revoke"}}""";

    private static final ProviderCatalogue CATALOGUE = TestProviders.catalogue(Settings.read());

    private static final Duration LEASE = Duration.ofSeconds(10);

    @TestBean
    final Hearing provider = new Hearing();

    @TestBean
    final TestJobs jobs = new TestJobs();

    @TestBean
    final Connectors connectors = connectors();

    @Inject
    TestClock clock;

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    GrantHistory history;

    @Inject
    Revocations revocations;

    @Inject
    Disconnection disconnection;

    @Parameter
    Database database;

    private Connector connector = standard();

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    // At once

    @Test
    void theProviderIsToldAtOnceOfBothTokens() {
        Grant grant = granted();

        disconnection.disconnect(grant.id(), "user");

        assertThat(provider.heard()).containsExactly("refresh-1", "access-1");
        assertThat(pending()).isZero();
        assertThat(kinds(grant)).contains(GrantEventKind.DISCONNECTED).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
        assertThat(outcome(grant)).returns("grantbook", GrantEvent::actor).returns(null, GrantEvent::reason);
    }

    @Test
    void noRoundComesBeforeWhoeverEndedIt() {
        Grant grant = granted();
        assertThat(revocations.disconnect(grant.id(), "user", any -> {})).isPresent();

        node().round();
        assertThat(provider.heard()).isEmpty();
        assertThat(revocations.disconnect(grant.id(), "user", any -> {}))
                .as("twice")
                .isEmpty();
    }

    @Test
    void whoeverEndedItAndIsGoneIsReplacedWhenTheLeaseEnds() {
        Grant grant = granted();
        assertThat(revocations.disconnect(grant.id(), "user", any -> {})).isPresent();
        clock.advance(LEASE);

        disconnection.round();

        assertThat(provider.heard()).containsExactly("refresh-1", "access-1");
        assertThat(revocations.takeNext(new ConnectorId("ledger-bot"))).isEmpty();
    }

    @Test
    void whatARefreshBringsForWhoIsForgottenEndsNoGrantOfSomebodyElse() {
        Grant one = database.in(
                () -> issuing.record(sample("alice", "a-1").refresh("refresh-1").received(), "user", null, null));
        database.run(() -> issuing.record(sample("alice-at-work", "a-1").received(), "user", null, null));
        database.run(() -> ending.forget(find(one)));

        database.run(() -> revocations.addLate(
                one,
                one,
                false,
                sample("alice", "a-1").token("access-2").received().token()));

        assertThat(pending()).isZero();
    }

    @Test
    void whoEndsItTwiceTellsItOnce() {
        Grant grant = granted();

        disconnection.disconnect(grant.id(), "user");
        disconnection.disconnect(grant.id(), "api-key:bot");
        disconnection.round();

        assertThat(provider.heard()).hasSize(2);
    }

    @Test
    void aProviderThatCannotBeToldIsSaidToBeSoAtOnce() {
        connector = mixin();
        Grant grant = granted();
        clock.advance(Duration.ofSeconds(1));

        disconnection.disconnect(grant.id(), "user");

        assertThat(kinds(grant)).startsWith(GrantEventKind.PROVIDER_NOT_NOTIFIED, GrantEventKind.DISCONNECTED);
        assertThat(outcome(grant).reason()).isEqualTo(EndReason.UNSUPPORTED);
        assertThat(pending()).isZero();
        assertThat(provider.heard()).isEmpty();
    }

    @Test
    void aProviderThatTurnsOutToHaveNoWayIsNotAskedAgain() {
        provider.knowsNo("refresh_token");
        provider.knowsNo("access_token");
        Grant grant = granted();

        disconnection.disconnect(grant.id(), "user");

        assertThat(outcome(grant).reason()).isEqualTo(EndReason.UNSUPPORTED);
        assertThat(pending()).isZero();
    }

    @Test
    void whatTheProviderToldUsItIsNotTold() {
        Grant withdrawn = granted();
        database.run(() -> ending.disconnect(withdrawn.id(), GrantHistory.PROVIDER, any -> {}));
        Grant refused = granted("bob");
        database.run(() -> ending.reject(find(refused)));

        assertThat(pending()).isZero();
        assertThat(kinds(withdrawn))
                .doesNotContain(GrantEventKind.PROVIDER_NOTIFIED, GrantEventKind.PROVIDER_NOT_NOTIFIED);
        assertThat(kinds(refused))
                .doesNotContain(GrantEventKind.PROVIDER_NOTIFIED, GrantEventKind.PROVIDER_NOT_NOTIFIED);
    }

    @Test
    @DisplayName("2.2 One refused call is no proof that the provider knows of the end: it is told, or said not to be")
    void whatOnlyACallSaysIsTold() {
        Grant grant = database.in(
                () -> issuing.record(new Sample().connector("ledger-bot").received(), "user", null, null));
        database.run(() -> ending.rejectCall(find(grant)));

        assertThat(find(grant).reason(clock.instant())).isEqualTo(EndReason.CALL_REFUSED);
        assertThat(notice(grant)).contains(ProviderNotice.PENDING);
        disconnection.round();

        assertThat(provider.heard()).containsExactly("access-1");
        assertThat(notice(grant)).contains(ProviderNotice.CONFIRMED);
    }

    @Test
    void whatNobodyConfirmedIsToldByTheNextRound() {
        Grant grant = database.in(
                () -> issuing.record(new Sample().connector("ledger-bot").received(), "user", clock.instant(), null));

        database.run(ending::endOverdue);
        disconnection.round();

        assertThat(provider.heard()).containsExactly("access-1");
        assertThat(kinds(grant)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
    }

    @Test
    void tokensThatNobodyMayHaveAreToldByTheNextRound() {
        disconnection.discard(sample("alice", "a-1").token("a-9").refresh("r-9").received());
        disconnection.round();

        assertThat(provider.heard()).containsExactly("r-9", "a-9");
        assertThat(pending()).isZero();
    }

    @Test
    void whereOnlyALivingAccessTokenEndsAnythingTheRefreshTokenGetsOne() {
        provider.knowsNo("refresh_token");
        provider.saysIsDead("access-1");
        provider.refreshesTo("2");
        Grant grant = granted();

        disconnection.disconnect(grant.id(), "user");

        assertThat(provider.heard()).containsExactly("access-1", "access-2");
        assertThat(kinds(grant)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
    }

    @Test
    void whatTheRefreshTokenGotIsNotLostWhenTheProviderFailsThen() {
        provider.knowsNo("refresh_token");
        provider.saysIsDead("access-1");
        provider.refreshesTo("2");
        provider.meanwhile(() -> provider.fails(
                provider.heard().contains("access-2") ? ProviderException.FailureKind.UNREACHABLE : null));
        Grant grant = granted();
        disconnection.disconnect(grant.id(), "user");
        assertThat(pending()).isOne();

        provider.meanwhile(() -> provider.fails(null));
        clock.advance(Duration.ofMinutes(1));
        disconnection.round();

        assertThat(provider.heard()).containsExactly("access-1", "access-2", "access-2");
        assertThat(kinds(grant)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
    }

    // What pages say of it

    @Test
    @DisplayName("1.1 What the provider knows of an end can be told while it is being told, and afterwards")
    void whatTheProviderKnowsOfAnEnd() {
        Grant grant = granted();
        assertThat(notice(grant)).as("alive").isEmpty();

        provider.fails(ProviderException.FailureKind.UNREACHABLE);
        disconnection.disconnect(grant.id(), "user");
        assertThat(notice(grant)).contains(ProviderNotice.PENDING);

        provider.fails(null);
        clock.advance(Duration.ofMinutes(1));
        disconnection.round();
        assertThat(notice(grant)).contains(ProviderNotice.CONFIRMED);
    }

    @Test
    @DisplayName("1.1 A provider that cannot be told, or where the end began, is not said to have confirmed")
    void whatAProviderThatIsNotToldKnows() {
        Grant withdrawn = granted();
        database.run(() -> ending.disconnect(withdrawn.id(), GrantHistory.PROVIDER, any -> {}));
        assertThat(notice(withdrawn)).contains(ProviderNotice.ENDED_THERE);

        connector = mixin();
        Grant untold = granted("bob");
        clock.advance(Duration.ofSeconds(1));
        disconnection.disconnect(untold.id(), "user");
        assertThat(notice(untold)).contains(ProviderNotice.UNNOTIFIED);
    }

    @Test
    @DisplayName("1.1 While a token that came with the grant is not told of, the end is not called confirmed")
    void whatCameWithAGrantCountsToo() {
        connector = TestConnectors.of(STANDARD, provider("slack"));
        var user = new ProviderToken("user", "U1", null, new Secret("user-1"));
        Grant grant = database.in(() -> issuing.record(
                sample("alice", "U1")
                        .installation("T1", "Team")
                        .secondaryTokens(user)
                        .received(),
                "user",
                null,
                null));

        disconnection.disconnect(grant.id(), "user");
        assertThat(notice(grant)).as("the bot's token alone").contains(ProviderNotice.PENDING);

        disconnection.round();
        assertThat(provider.heard()).contains("user-1");
        assertThat(notice(grant)).contains(ProviderNotice.CONFIRMED);
    }

    private Optional<ProviderNotice> notice(Grant grant) {
        return database.in(() -> revocations.notice(find(grant)));
    }

    // What somebody still uses

    @Test
    void whatAnotherGrantOfTheAccountNeedsIsNotEnded() {
        Grant one = database.in(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));
        Grant other =
                database.in(() -> issuing.record(sample("alice-at-work", "a-1").received(), "user", null, null));

        disconnection.disconnect(one.id(), "user");

        assertThat(provider.heard()).isEmpty();
        assertThat(pending()).isZero();
        assertThat(outcome(one))
                .returns(GrantEventKind.PROVIDER_NOT_NOTIFIED, GrantEvent::kind)
                .returns(EndReason.STILL_USED, GrantEvent::reason);

        disconnection.disconnect(other.id(), "user");
        assertThat(provider.heard()).containsExactly("access-1");
        assertThat(kinds(other)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
    }

    @Test
    void whatWaitsForItsUserIsNeededToo() {
        Grant one = database.in(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));
        database.run(() -> issuing.record(
                sample("alice-at-work", "a-1").received(),
                "user",
                clock.instant().plusSeconds(60),
                null));

        disconnection.disconnect(one.id(), "user");

        assertThat(outcome(one).reason()).isEqualTo(EndReason.STILL_USED);
    }

    @Test
    void whatHasEndedNeedsNothing() {
        Grant one = database.in(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));
        database.run(() -> issuing.record(
                sample("lapsed", "a-1").received(), "user", clock.instant().plusSeconds(60), null));
        database.run(() -> issuing.record(
                sample("short", "a-1").expiresIn(Duration.ofSeconds(60)).received(), "user", null, null));
        clock.advance(Duration.ofHours(1));

        disconnection.disconnect(one.id(), "user");

        assertThat(kinds(one)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
    }

    @Test
    void whereATokenEndsAloneItIsEnded() {
        connector = TestConnectors.of(STANDARD, provider("line"));
        Grant one = database.in(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));
        database.run(() -> issuing.record(sample("alice-at-work", "a-1").received(), "user", null, null));

        disconnection.disconnect(one.id(), "user");

        assertThat(provider.heard()).containsExactly("access-1");
    }

    @Test
    void whatATeamSharesIsEndedWithTheLastOfThem() {
        connector = TestConnectors.of(STANDARD, provider("slack"));
        provider.knowsNo("refresh_token");
        Grant one = database.in(() ->
                issuing.record(sample("alice", "U1").installation("T1", "Team").received(), "user", null, null));
        Grant other = database.in(() ->
                issuing.record(sample("bob", "U2").installation("T1", "Team").received(), "user", null, null));

        disconnection.disconnect(one.id(), "user");
        assertThat(outcome(one).reason()).isEqualTo(EndReason.STILL_USED);

        disconnection.disconnect(other.id(), "user");
        assertThat(kinds(other)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
    }

    @Test
    void whatCameWithAGrantIsToldForItselfWhereItLivesOn() {
        connector = TestConnectors.of(STANDARD, provider("slack"));
        provider.knowsNo("refresh_token");
        var user = new ProviderToken("user", "U1", null, new Secret("user-1"));
        Grant one = database.in(() -> issuing.record(
                sample("alice", "U1")
                        .installation("T1", "Team")
                        .secondaryTokens(user)
                        .received(),
                "user",
                null,
                null));
        database.run(() ->
                issuing.record(sample("bob", "U2").installation("T1", "Team").received(), "user", null, null));

        disconnection.disconnect(one.id(), "user");
        assertThat(provider.heard()).as("the team's token is needed").isEmpty();
        disconnection.round();

        assertThat(provider.heard()).containsExactly("user-1");
        assertThat(outcome(one).reason()).isEqualTo(EndReason.STILL_USED);
        assertThat(kinds(one)).as("that of the grant itself alone").doesNotContain(GrantEventKind.PROVIDER_NOTIFIED);
        assertThat(pending()).isZero();
    }

    @Test
    void whatCameWithAGrantThatIsForgottenIsNobodysAnyMore() {
        connector = TestConnectors.of(STANDARD, provider("slack"));
        var user = new ProviderToken("user", "U1", null, new Secret("user-1"));
        Grant one = database.in(
                () -> issuing.record(sample("alice", "U1").secondaryTokens(user).received(), "user", null, null));

        database.run(() -> ending.forget(find(one)));

        assertThat(database.sql("SELECT grant_id, token_owner FROM revocation"))
                .containsExactly(List.of("null", "null"), List.of("null", "null"));
    }

    @ParameterizedTest
    @CsvSource({"alice, ''", "'', ''", "mallory, a-1"})
    void whatIsGivenUpEndsNoGrantThatLives(String subject, String account) {
        Grant living = database.in(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));
        ReceivedTokens late = sample(subject, account).token("a-9").received();

        disconnection.discard(late);
        assertThat(database.sql("SELECT token_owner FROM revocation").toString())
                .doesNotContain("a-1", "alice", "mallory");
        disconnection.round();

        assertThat(provider.heard()).isEmpty();
        assertThat(pending()).isZero();
        assertThat(find(living).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void whatIsGivenUpEndsNoGrantThatCameLater() {
        disconnection.discard(sample("alice", "").token("a-9").received());
        database.run(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));

        disconnection.round();

        assertThat(provider.heard()).isEmpty();
    }

    @Test
    void anErasureEndsNoGrantOfSomebodyElse() {
        Grant one = database.in(() -> issuing.record(sample("alice", "a-1").received(), "user", null, null));
        database.run(() -> issuing.record(sample("alice-at-work", "a-1").received(), "user", null, null));

        database.run(() -> ending.forget(find(one)));

        assertThat(pending()).isZero();
    }

    // Again

    @ParameterizedTest
    @CsvSource({"UNREACHABLE", "REFUSED", "MALFORMED"})
    void whatTheProviderDoesNotHearIsTriedAgain(ProviderException.FailureKind trouble) {
        Grant grant = granted();
        provider.fails(trouble);

        disconnection.disconnect(grant.id(), "user");

        assertThat(database.sql("SELECT access_token, refresh_token, status FROM user_grant"))
                .as("the grant's own are destroyed at once")
                .containsExactly(List.of("null", "null", "REVOKED"));
        assertThat(kinds(grant)).doesNotContain(GrantEventKind.PROVIDER_NOTIFIED, GrantEventKind.PROVIDER_NOT_NOTIFIED);
        assertThat(revocation(grant)).isNotNull().returns(1, PendingRevocation::tries);
        assertThat(database.sql("SELECT access_token, refresh_token FROM revocation")
                        .toString())
                .doesNotContain("access-1", "refresh-1");

        clock.advance(Duration.ofSeconds(23));
        disconnection.round();
        assertThat(provider.heard()).as("not before the pause is over").hasSize(1);

        provider.fails(null);
        clock.advance(Duration.ofSeconds(14));
        disconnection.round();
        assertThat(provider.heard()).containsExactly("refresh-1", "refresh-1", "access-1");
        assertThat(kinds(grant)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
        assertThat(pending()).isZero();
    }

    @Test
    void pausesGrowToAboutAnHour() {
        Grant grant = granted();
        provider.fails(ProviderException.FailureKind.UNREACHABLE);
        disconnection.disconnect(grant.id(), "user");

        clock.advance(Duration.ofMinutes(10));
        disconnection.round();
        assertThat(pause(grant)).isBetween(Duration.ofMinutes(8), Duration.ofMinutes(12));

        clock.advance(Duration.ofHours(30));
        disconnection.round();
        assertThat(pause(grant)).isBetween(Duration.ofMinutes(48), Duration.ofMinutes(72));
    }

    @ParameterizedTest
    @CsvSource({"UNREACHABLE, PROVIDER_AWAY", "REFUSED, PROVIDER_REFUSED"})
    void afterThreeDaysItIsGivenUpAndTheTokensAreDestroyed(ProviderException.FailureKind trouble, EndReason why) {
        Grant grant = granted();
        provider.fails(trouble);
        disconnection.disconnect(grant.id(), "user");
        clock.advance(Duration.ofDays(3).minusSeconds(1));
        disconnection.round();
        assertThat(pending()).isOne();

        clock.advance(Duration.ofHours(2));
        disconnection.round();

        assertThat(pending()).isZero();
        assertThat(kinds(grant)).startsWith(GrantEventKind.PROVIDER_NOT_NOTIFIED);
        assertThat(outcome(grant).reason()).isEqualTo(why);
    }

    @Test
    void aProviderThatIsAwayIsAskedOnceARound() {
        provider.fails(ProviderException.FailureKind.UNREACHABLE);
        for (int i = 0; i < 5; i++) {
            Grant grant = granted("subject-" + i);
            database.run(() -> ending.disconnect(grant.id(), "user", any -> {}));
        }
        clock.advance(LEASE);

        disconnection.round();
        assertThat(provider.heard()).hasSize(1);
        provider.fails(null);
        disconnection.round();
        assertThat(pending()).as("the one that failed waits for its own turn").isOne();
        clock.advance(Duration.ofMinutes(3));
        assertThat(database.in(revocations::count)).isOne();
        assertThat(database.in(revocations::longestWait)).isEqualTo(LEASE.plusMinutes(3));
    }

    @Test
    void aProviderThatIsAwayHoldsUpNoOther() {
        Grant here = granted();
        database.run(() -> ending.disconnect(here.id(), "user", any -> {}));
        Grant there = database.in(() ->
                issuing.record(new Sample().connector("diary").token("t-diary").received(), "user", null, null));
        database.run(() -> ending.disconnect(there.id(), "user", any -> {}));
        clock.advance(LEASE);
        provider.meanwhile(() -> provider.fails(
                provider.heard().get(provider.heard().size() - 1).equals("t-diary")
                        ? null
                        : ProviderException.FailureKind.UNREACHABLE));

        disconnection.round();

        assertThat(kinds(there)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
        assertThat(kinds(here)).doesNotContain(GrantEventKind.PROVIDER_NOTIFIED);
    }

    @Test
    void whatNobodyThoughtOfIsTriedAgainAndHoldsUpNoOther() {
        Grant here = granted();
        provider.meanwhile(() -> {
            throw new IllegalStateException("as the test wants");
        });
        disconnection.disconnect(here.id(), "user");
        assertThat(pending()).isOne();
        assertThat(find(here).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);

        Grant there = database.in(() ->
                issuing.record(new Sample().connector("diary").token("t-diary").received(), "user", null, null));
        database.run(() -> ending.disconnect(there.id(), "user", any -> {}));
        clock.advance(Duration.ofMinutes(1));
        provider.meanwhile(() -> {
            if (!provider.heard().get(provider.heard().size() - 1).equals("t-diary")) {
                throw new IllegalStateException("as the test wants");
            }
        });
        disconnection.round();

        assertThat(kinds(there)).startsWith(GrantEventKind.PROVIDER_NOTIFIED);
        assertThat(revocation(here)).isNotNull();
    }

    @Test
    void tokensThatCannotBeOpenedAnyMoreAreGivenUp() {
        Grant grant = granted();
        provider.fails(ProviderException.FailureKind.UNREACHABLE);
        disconnection.disconnect(grant.id(), "user");
        database.tamper("UPDATE revocation SET access_token = refresh_token, refresh_token = access_token");

        clock.advance(Duration.ofMinutes(1));
        disconnection.round();

        assertThat(pending()).isZero();
        assertThat(outcome(grant).reason()).isEqualTo(EndReason.UNREADABLE);
    }

    @Test
    void whoGrantsAgainIsNotCutOffByWhatEndedBefore() {
        Grant grant = granted();
        provider.fails(ProviderException.FailureKind.UNREACHABLE);
        disconnection.disconnect(grant.id(), "user");

        granted();
        provider.fails(null);
        clock.advance(Duration.ofHours(1));
        disconnection.round();

        assertThat(provider.heard()).hasSize(1);
        assertThat(outcome(grant).reason()).isEqualTo(EndReason.GRANTED_AGAIN);
        assertThat(find(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void theProviderIsToldThoughTheGrantIsForgotten() {
        Grant grant = granted();
        provider.fails(ProviderException.FailureKind.UNREACHABLE);
        disconnection.disconnect(grant.id(), "user");
        database.tamper("DELETE FROM user_grant");

        provider.fails(null);
        clock.advance(Duration.ofMinutes(1));
        disconnection.round();

        assertThat(provider.heard()).endsWith("access-1");
        assertThat(pending()).isZero();
    }

    // Many nodes

    @Test
    void howeverManyNodesThereAreEachTokenIsToldOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            Grant grant = granted("subject-" + i);
            database.run(() -> ending.disconnect(grant.id(), "user", any -> {}));
        }
        clock.advance(LEASE);

        var nodes = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> one = () -> {
                node().round();
                return true;
            };
            for (Future<Boolean> done : nodes.invokeAll(Collections.nCopies(4, one))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            nodes.shutdownNow();
        }

        assertThat(provider.heard()).hasSize(40);
        assertThat(pending()).isZero();
    }

    @Test
    void aNodeThatIsGoneIsReplacedWhenItsLeaseEnds() {
        Grant grant = granted();
        RevocationClaim gone =
                revocations.disconnect(grant.id(), "user", any -> {}).orElseThrow();
        clock.advance(LEASE.minusMillis(1));
        disconnection.round();
        assertThat(provider.heard()).isEmpty();

        clock.advance(Duration.ofMillis(1));
        disconnection.round();
        assertThat(provider.heard()).containsExactly("refresh-1", "access-1");

        revocations.settle(gone, RevocationAnswer.AWAY);
        assertThat(kinds(grant))
                .startsWith(GrantEventKind.PROVIDER_NOTIFIED)
                .doesNotContain(GrantEventKind.PROVIDER_NOT_NOTIFIED);
    }

    @Test
    void aNodeThatGivesSignsOfLifeKeepsItsLease() {
        Grant grant = granted();
        RevocationClaim mine =
                revocations.disconnect(grant.id(), "user", any -> {}).orElseThrow();
        for (int signs = 0; signs < 5; signs++) {
            clock.advance(Duration.ofSeconds(9));
            revocations.stay(mine);
        }

        assertThat(revocations.takeNext(new ConnectorId("ledger-bot"))).isEmpty();
        clock.advance(LEASE);
        RevocationClaim other =
                revocations.takeNext(new ConnectorId("ledger-bot")).orElseThrow();
        revocations.stay(mine);
        revocations.settle(mine, RevocationAnswer.UNSUPPORTED);
        assertThat(pending()).as("whoever was too slow settles nothing").isOne();
        revocations.settle(other, RevocationAnswer.NOTIFIED);
        assertThat(pending()).isZero();
    }

    // Helpers

    private static Disconnection node() {
        return Beans.another(Disconnection.class);
    }

    private Connectors connectors() {
        return new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return Optional.of(connector);
            }

            @Override
            public List<Connector> all() {
                return List.of(connector);
            }

            @Override
            public ClientRegistration registration(Connector known) {
                Provider provider = known.provider();
                return new ClientRegistration(
                        provider,
                        "bot-1",
                        null,
                        null,
                        provider.token().authentication(),
                        URI.create("https://grantbook.example/"),
                        Map.of(),
                        Map.of());
            }
        };
    }

    private static Connector standard() {
        return TestConnectors.of(STANDARD, provider("oauth2"));
    }

    private static Connector mixin() {
        return TestConnectors.ledgerBot(provider("mixin"));
    }

    private static Provider provider(String id) {
        return CATALOGUE.find(id).orElseThrow();
    }

    private static Sample sample(String subject, String account) {
        return new Sample().connector("ledger-bot").subject(subject).account(account);
    }

    private Grant granted() {
        return granted("alice");
    }

    private Grant granted(String subject) {
        return database.in(() -> issuing.record(
                new Sample()
                        .connector("ledger-bot")
                        .subject(subject)
                        .account("a-" + subject)
                        .refresh("refresh-1")
                        .received(),
                "user",
                null,
                null));
    }

    private Grant find(Grant grant) {
        return grants.find(grant.id()).orElseThrow();
    }

    private @Nullable PendingRevocation revocation(Grant grant) {
        return database.in(() -> revocations.of(grant.id())).orElse(null);
    }

    private Duration pause(Grant grant) {
        PendingRevocation row = revocation(grant);
        return Duration.between(clock.instant(), row == null ? Instant.EPOCH : row.dueAt());
    }

    private int pending() {
        return database.sql("SELECT id FROM revocation").size();
    }

    private GrantEvent outcome(Grant grant) {
        return database.in(() -> history.of(grant.id())).stream()
                .filter(event -> event.kind() == GrantEventKind.PROVIDER_NOTIFIED
                        || event.kind() == GrantEventKind.PROVIDER_NOT_NOTIFIED)
                .findFirst()
                .orElseThrow();
    }

    /** Latest first. */
    private List<GrantEventKind> kinds(Grant grant) {
        return database.in(() -> history.of(grant.id())).stream()
                .map(GrantEvent::kind)
                .toList();
    }
}
