package dev.grantbook.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.Vault;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for asking providers whether tokens live, in every database. */
@OnDatabases
class TokenLivenessTest {

    private static final Scopes GRANTED = Scopes.of("PROFILE:READ", "ASSETS:READ");
    private static final ProbeResult ALIVE = new ProbeResult(null, null);
    private static final ProbeResult LIMITED = new ProbeResult(new ApiFailure(Meaning.RATE_LIMITED, Scopes.NONE), null);
    private static final ProbeResult NOBODY_TO_ASK =
            new ProbeResult(new ApiFailure(Meaning.UNKNOWN, Scopes.NONE), null);
    private static final Duration A_MOMENT = Duration.ofSeconds(10);
    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final ProbeResult DEAD = new ProbeResult(new ApiFailure(Meaning.DEAD, Scopes.NONE), null);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TestBean
    final Issuer issuer = new Issuer();

    @TestBean
    final ProviderApi api = new ProviderApi() {
        @Override
        public ProbeResult probe(ClientRegistration client, Secret accessToken) {
            asked.add(accessToken.value());
            whenAsked.run();
            if (answer == null) {
                throw new ProviderException(ProviderException.FailureKind.UNREACHABLE, "as the test wants");
            }
            return answer;
        }
    };

    @TestBean
    final TestJobs jobs = new TestJobs();

    @TestBean
    final Connectors connectors = connectors();

    @Inject
    TestClock clock;

    @Inject
    Vault vault;

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantHistory history;

    @Inject
    ProbeClaims claims;

    @Parameter
    Database database;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Runnable whenAsked = () -> {};
    private @Nullable ProbeResult answer = ALIVE;
    private String definition = TestConnectors.LEDGER_BOT;
    private int others;
    private boolean yearly;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1)");
    }

    @ParameterizedTest
    @CsvSource({"PT59M, 0", "PT60M, 1", "PT1000H, 1"})
    void aTokenWithoutAnEndIsProvedWhenTheLastProofIsAnHourOld(Duration age, int questions) {
        Grant grant = granted("alice", null, null);
        clock.advance(age);

        assertThat(tokens().of(bot(), read(grant)).token()).isEqualTo(new Secret("access-0"));
        assertThat(asked).hasSize(questions);
        if (questions > 0) {
            assertThat(read(grant).verifiedAt()).isEqualTo(clock.instant());
        }
    }

    @Test
    void aTokenWithAnEndIsProvedOnlyWhenTheConnectorWantsIt() {
        Grant grant = granted("alice", Duration.ofDays(30), null);
        clock.advance(Duration.ofDays(2));
        tokens().of(bot(), read(grant));
        assertThat(asked).isEmpty();

        definition = definition.replaceFirst("\\{", "{\"probe\": {\"max-age\": \"P2D\"}, ");
        tokens().of(bot(), read(grant));
        assertThat(asked).hasSize(1);
    }

    @Test
    @DisplayName("2.20 A token that ends with its authorization in a year is proved like one without an end")
    void aTokenThatEndsWithItsAuthorizationIsProvedHourly() {
        yearly = true;
        Grant grant = granted("alice", Duration.ofDays(365), null);
        clock.advance(Duration.ofHours(1));
        tokens().of(bot(), read(grant));
        assertThat(asked).hasSize(1);

        clock.advance(Duration.ofHours(1));
        probe().round();
        assertThat(asked).hasSize(2);

        clock.advance(Duration.ofDays(365));
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.EXPIRED);
        assertThat(tokens().of(bot(), read(grant)).token()).isNull();
    }

    @Test
    void aDeadTokenIsNotHandedOutAndItsGrantEndsWithTheReason() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        answer = DEAD;

        assertThat(tokens().of(bot(), read(grant)).token()).isNull();
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
        assertThat(read(grant).reason(clock.instant())).isEqualTo(EndReason.TOKEN_REJECTED);
        assertThat(history(grant)).contains(GrantEventKind.REJECTED);
    }

    @Test
    void aDeadTokenIsReplacedWhereAnotherCanBeHad() {
        Grant grant = granted("alice", null, "refresh-0");
        clock.advance(Duration.ofHours(1));
        answer = DEAD;

        assertThat(tokens().of(bot(), read(grant)).token()).isEqualTo(new Secret("access-1"));
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void aDeadTokenEndsTheGrantWhenItsRefreshTokenIsDeadToo() {
        Grant grant = granted("alice", null, "refresh-0");
        clock.advance(Duration.ofHours(1));
        answer = DEAD;
        issuer.fails(ProviderException.FailureKind.REFRESH_REFUSED);

        assertThat(tokens().of(bot(), read(grant)).token()).isNull();
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void aProviderThatDoesNotAnswerTakesNothingAwayAndIsLeftInPeace() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        answer = null;

        assertThat(tokens().of(bot(), read(grant)).token()).isEqualTo(new Secret("access-0"));
        clock.advance(Duration.ofSeconds(59));
        tokens().of(bot(), read(grant));
        assertThat(asked).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        tokens().of(bot(), read(grant));
        assertThat(asked).hasSize(2);
    }

    @Test
    void aProofThatIsTooOldIsReplacedHoweverYoungTheLastQuestionIs() {
        definition = definition.replaceFirst("\\{", "{\"probe\": {\"max-age\": \"PT10S\"}, ");
        Grant grant = granted("alice", null, null);
        for (int questions = 1; questions <= 3; questions++) {
            clock.advance(Duration.ofSeconds(10));
            tokens().of(bot(), read(grant));
            assertThat(asked).hasSize(questions);
        }
    }

    @Test
    void whatIsProvedIsTheMomentBeforeTheQuestion() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        Instant before = clock.instant();
        whenAsked = () -> clock.advance(Duration.ofSeconds(9));

        tokens().of(bot(), read(grant));

        assertThat(read(grant).verifiedAt()).isEqualTo(before);
    }

    @Test
    void whoeverComesWhileTheQuestionIsOnItsWayWaitsForTheAnswer() throws Exception {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        answer = DEAD;
        var underWay = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        whenAsked = () -> {
            underWay.countDown();
            await(free);
        };
        FreshTokens node = tokens();
        Grant seen = read(grant);
        var threads = Executors.newFixedThreadPool(2);

        Future<FreshTokens.Fresh> first = threads.submit(() -> node.of(bot(), seen));
        await(underWay);
        Future<FreshTokens.Fresh> second = threads.submit(() -> node.of(bot(), seen));
        free.countDown();

        assertThat(first.get(30, TimeUnit.SECONDS).token()).isNull();
        assertThat(second.get(30, TimeUnit.SECONDS).token()).isNull();
        threads.shutdown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatTheProviderSaysIsGrantedReplacesWhatWasKnown() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        answer = new ProbeResult(null, Scopes.of("PROFILE:READ"));

        assertThat(tokens().of(bot(), read(grant)).grant().granted().toList()).containsExactly("PROFILE:READ");
        assertThat(history(grant)).contains(GrantEventKind.CHANGED);
    }

    @Test
    void aDeadTokenIsNotHandedOutWhileTheProviderGivesNoOtherOne() {
        Grant grant = granted("alice", null, "refresh-0");
        clock.advance(Duration.ofHours(1));
        answer = DEAD;
        issuer.fails(ProviderException.FailureKind.UNREACHABLE);

        FreshTokens.Fresh fresh = tokens().of(bot(), read(grant));

        assertThat(fresh.token()).isNull();
        assertThat(fresh.retryAt()).isEqualTo(clock.instant().plusSeconds(30));
        assertThat(fresh.grant().status(clock.instant()))
                .as("the refresh token may be as good as ever")
                .isEqualTo(GrantStatus.ACTIVE);

        issuer.fails(null);
        clock.advance(Duration.ofSeconds(30));
        assertThat(tokens().of(bot(), read(grant)).token()).isEqualTo(new Secret("access-2"));
    }

    @Test
    void whatOthersFoundDeadIsReplacedOrEnds() {
        Grant alice = granted("alice", null, "refresh-0");
        Grant bob = granted("bob", null, null);

        answer = DEAD;

        probe().checkNow(bot(), read(alice));
        probe().checkNow(bot(), read(bob));

        assertThat(grants.accessToken(read(alice))).contains(new Secret("access-1"));
        assertThat(read(bob).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    // Rounds

    @Test
    void aRoundAsksAFewThatWereProvedLongestAgoAndNobodyTwice() {
        configuration.with("grantbook.probe.per-round", "2");
        granted("alice", null, null);
        clock.advance(Duration.ofMinutes(10));
        granted("bob", null, null);
        clock.advance(Duration.ofMinutes(10));
        granted("carol", null, null);
        clock.advance(Duration.ofHours(1));

        probe().round();
        assertThat(asked).hasSize(2);
        clock.advance(ROUND);
        probe().round();
        assertThat(asked).hasSize(3);
        clock.advance(ROUND);
        probe().round();
        assertThat(asked).hasSize(3);
    }

    @Test
    void allNodesTogetherAskAProviderNoMoreThanThat() {
        configuration.with("grantbook.probe.per-round", "3");
        for (int i = 0; i < 10; i++) {
            granted("subject-" + i, null, null);
        }
        clock.advance(Duration.ofHours(1));

        probe().round();
        probe().round();

        assertThat(asked).hasSize(3);
    }

    @Test
    void connectorsOfOneProviderShareWhatItIsAsked() {
        configuration.with("grantbook.probe.per-round", "4");
        others = 3;
        for (int i = 0; i < 10; i++) {
            granted("subject-" + i, null, null);
        }
        clock.advance(Duration.ofHours(1));

        probe().round();

        assertThat(asked).as("a fourth at least, and what the others leave").hasSizeBetween(1, 4);
        assertThat(claims.countSince(List.of(new ConnectorId("ledger-bot")), Instant.EPOCH))
                .isEqualTo(asked.size());
    }

    @Test
    void tokensThatEndByThemselvesTakeNobodysTurn() {
        configuration.with("grantbook.probe.per-round", "2");
        for (int i = 0; i < 5; i++) {
            granted("ending-" + i, Duration.ofDays(30), null);
        }
        clock.advance(Duration.ofSeconds(1));
        granted("endless", null, null);
        clock.advance(Duration.ofHours(1));

        probe().round();

        assertThat(asked).hasSize(1);
    }

    @Test
    void tokensWhoseTimeIsOverTakeNobodysTurn() {
        definition = definition.replaceFirst("\\{", "{\"probe\": {\"max-age\": \"PT1H\"}, ");
        configuration.with("grantbook.probe.per-round", "2");
        for (int i = 0; i < 5; i++) {
            granted("over-" + i, Duration.ofHours(1), "refresh-0");
        }
        clock.advance(Duration.ofSeconds(1));
        granted("living", Duration.ofDays(30), null);
        clock.advance(Duration.ofHours(1));

        probe().round();

        assertThat(asked).hasSize(1);
    }

    @Test
    void thoseAboutWhomNothingCouldBeLearntComeLast() {
        configuration.with("grantbook.probe.per-round", "2");
        for (int i = 0; i < 4; i++) {
            granted("subject-" + i, null, null);
            clock.advance(Duration.ofSeconds(1));
        }
        clock.advance(Duration.ofHours(1));
        answer = LIMITED;
        probe().round();
        clock.advance(ROUND.multipliedBy(2));
        answer = ALIVE;
        probe().round();

        assertThat(database.sql("SELECT subject FROM user_grant WHERE verified_at = probed_at ORDER BY subject"))
                .containsExactly(List.of("subject-2"), List.of("subject-3"));
    }

    @Test
    void aProviderThatIsAwayOrWantsNoMoreIsAskedOnceARound() {
        for (int i = 0; i < 5; i++) {
            granted("subject-" + i, null, null);
        }
        clock.advance(Duration.ofHours(1));

        answer = null;
        probe().round();
        assertThat(asked).as("away").hasSize(1);
        clock.advance(ROUND);
        answer = LIMITED;
        probe().round();
        assertThat(asked).as("wants no more").hasSize(2);
    }

    @Test
    void aTokenThatCannotBeOpenedKeepsNobodyFromTheirTurn() {
        Grant broken = granted("broken", null, null);
        clock.advance(Duration.ofSeconds(1));
        granted("whole", null, null);
        database.tamper("UPDATE user_grant SET access_token = 'bm90IHNlYWxlZA==' WHERE id = '" + broken.id() + "'");
        clock.advance(Duration.ofHours(1));

        probe().round();

        assertThat(asked).hasSize(1);
    }

    @Test
    void whatOneNodeHasTakenTheOtherLeavesAlone() {
        for (int i = 0; i < 10; i++) {
            granted("subject-" + i, null, null);
        }
        clock.advance(Duration.ofHours(1));

        var first = claims.claimOldest(
                new ConnectorId("ledger-bot"),
                true,
                clock.instant(),
                clock.instant().minusSeconds(60),
                6);
        var second = claims.claimOldest(
                new ConnectorId("ledger-bot"),
                true,
                clock.instant(),
                clock.instant().minusSeconds(60),
                6);

        assertThat(first).hasSize(6).doesNotContainAnyElementsOf(second);
        assertThat(second).hasSize(4);
    }

    // What a bot reports

    @Test
    void aReportedDeathIsBelievedOnlyWhenTheProviderSaysSoToo() {
        Grant grant = granted("alice", null, null);
        var dead = new ApiFailure(Meaning.DEAD, Scopes.NONE);

        clock.advance(A_MOMENT);
        assertThat(reported(grant, dead).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        answer = DEAD;
        clock.advance(A_MOMENT);
        assertThat(reported(grant, dead).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void aScopeThatTheProviderNamedAsMissingIsNoLongerGranted() {
        Grant grant = granted("alice", null, null);
        Instant proved = clock.instant();
        clock.advance(A_MOMENT);

        Grant after = reported(grant, new ApiFailure(Meaning.SCOPE_MISSING, Scopes.of("ASSETS:READ", "PHONE:READ")));

        assertThat(after.granted().toList()).containsExactly("PROFILE:READ");
        assertThat(after.verifiedAt()).as("the provider was not asked").isEqualTo(proved);
        assertThat(history(grant)).contains(GrantEventKind.CHANGED);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatTwoReportsNameIsMissingFromThenOn() {
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        Grant seen = read(grant);
        TokenLiveness probe = probe();

        probe.recordRefusal(bot(), seen, new ApiFailure(Meaning.SCOPE_MISSING, Scopes.of("ASSETS:READ")));
        probe.recordRefusal(bot(), seen, new ApiFailure(Meaning.SCOPE_MISSING, Scopes.of("PROFILE:READ")));

        assertThat(read(grant).granted()).isEqualTo(Scopes.NONE);
    }

    @Test
    void aReportThatComesRightAfterASecondTripMayBeAboutTheTokenBefore() {
        var missing = new ApiFailure(Meaning.SCOPE_MISSING, Scopes.of("ASSETS:READ"));
        Grant grant = granted("alice", null, null);
        assertThat(reported(grant, missing).granted()).isEqualTo(Scopes.of("PROFILE:READ"));
        clock.advance(Duration.ofMinutes(1));
        granted("access-of-another-trip", "alice", null, null);

        assertThat(reported(grant, missing).granted()).isEqualTo(GRANTED);
        clock.advance(A_MOMENT);
        assertThat(reported(grant, missing).granted()).isEqualTo(Scopes.of("PROFILE:READ"));
    }

    @Test
    void whatTheProviderSaysOfOneTokenIsNotSaidOfTheNext() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        Grant seen = read(grant);
        Instant trip = clock.instant();
        answer = new ProbeResult(null, Scopes.of("PROFILE:READ"));
        whenAsked = () -> {
            clock.advance(Duration.ofSeconds(1));
            granted("access-of-another-trip", "alice", null, null);
        };

        tokens().of(bot(), seen);

        assertThat(read(grant).granted()).isEqualTo(GRANTED);
        assertThat(read(grant).verifiedAt()).isEqualTo(trip.plusSeconds(1));
    }

    @Test
    void aRotationOfKeysInTheMiddleDoesNotHideThatATokenIsDead() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(1));
        answer = DEAD;
        whenAsked = () -> database.tamper("UPDATE user_grant SET access_token = '"
                + vault.seal("access-0", "user_grant/" + grant.id() + "/access_token")
                        .text()
                + "'");

        assertThat(tokens().of(bot(), read(grant)).token()).isNull();
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void whoLookedBeforeTheAnswerCameDoesNotAskAgain() {
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        Grant seen = read(grant);
        TokenLiveness probe = probe();
        var dead = new ApiFailure(Meaning.DEAD, Scopes.NONE);

        probe.recordRefusal(bot(), seen, dead);
        probe.recordRefusal(bot(), seen, dead);

        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 50})
    void manyReportsOfOneRefusalAreOneQuestion(int workers) throws Exception {
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        Grant seen = read(grant);
        TokenLiveness probe = probe();
        var all = new CyclicBarrier(workers);
        var threads = Executors.newFixedThreadPool(workers);
        List<Future<Grant>> reports = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            reports.add(threads.submit(() -> {
                all.await(60, TimeUnit.SECONDS);
                return probe.recordRefusal(bot(), read(seen), new ApiFailure(Meaning.DEAD, Scopes.NONE));
            }));
        }
        for (Future<Grant> one : reports) {
            assertThat(one.get(60, TimeUnit.SECONDS).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        }
        threads.shutdown();

        assertThat(asked).hasSize(1);
    }

    @Test
    void aProviderThatWasAskedTooOftenIsAskedAboutNobodyForAWhile() {
        Grant alice = granted("alice", null, null);
        Grant bob = granted("bob", null, null);
        FreshTokens all = tokens();
        clock.advance(Duration.ofHours(1));
        answer = LIMITED;

        all.of(bot(), read(alice));
        assertThat(all.of(bot(), read(bob)).token())
                .as("nothing is known against it")
                .isNotNull();
        assertThat(asked).hasSize(1);

        clock.advance(Duration.ofMinutes(1));
        answer = ALIVE;
        all.of(bot(), read(bob));
        assertThat(asked).hasSize(2);
        assertThat(read(bob).verifiedAt()).isEqualTo(clock.instant());
    }

    @Test
    void aServerThatWasAskedTooOftenPausesNoOtherServerOfItsDescriptor() {
        Grant alice = granted("alice", null, null);
        Grant bob = granted("bob", null, null);
        Connector elsewhere = TestConnectors.of(
                "elsewhere",
                definition.replaceFirst(
                        "\\{",
                        "{\"endpoints\": {\"token\": \"https://b.example/token\", \"account\": \"https://b.example/me\"}, "),
                mixin());
        FreshTokens all = tokens();
        clock.advance(Duration.ofHours(1));
        answer = LIMITED;

        all.of(bot(), read(alice));
        all.of(elsewhere, read(bob));

        assertThat(asked).hasSize(2);
    }

    @Test
    void aRoundHeedsThatTheProviderWasAskedTooOften() {
        Grant alice = granted("alice", null, null);
        granted("bob", null, null);
        TokenLiveness probe = probe();
        clock.advance(Duration.ofHours(1));
        answer = LIMITED;

        probe.check(bot(), read(alice), null);
        probe.round();

        assertThat(asked).hasSize(1);
    }

    @Test
    void aProviderThatWantsToBeLeftAloneIsNotAskedByReports() {
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        answer = LIMITED;
        var dead = new ApiFailure(Meaning.DEAD, Scopes.NONE);
        reported(grant, dead);

        reported(grant, dead);

        assertThat(asked).hasSize(1);
    }

    @Test
    void whenNoScopeIsNamedTheProviderIsAskedWhatIsGranted() {
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        answer = new ProbeResult(null, Scopes.of("ASSETS:READ"));

        Grant after = reported(grant, new ApiFailure(Meaning.SCOPE_MISSING, Scopes.NONE));

        assertThat(after.granted().toList()).containsExactly("ASSETS:READ");
    }

    @Test
    @DisplayName(
            "2.2 Where nobody can be asked and nothing can be refreshed, the bot's word stops the token, and the provider is told")
    void whereNobodyCanBeAskedTheBotsWordStopsTheToken() {
        definition = TestConnectors.REVOCABLE_LEDGER_BOT;
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        answer = NOBODY_TO_ASK;

        Grant after = reported(grant, new ApiFailure(Meaning.DEAD, Scopes.NONE));

        assertThat(after.status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
        assertThat(after.reason(clock.instant())).isEqualTo(EndReason.CALL_REFUSED);
        assertThat(tokens().of(bot(), after).token()).isNull();
        assertThat(database.sql("SELECT grant_id FROM revocation"))
                .containsExactly(List.of(grant.id().value()));
    }

    @Test
    @DisplayName("2.2 Where nobody can be asked, a refresh is the question, once for many reports")
    void whereNobodyCanBeAskedARefreshIsTheQuestion() {
        Grant grant = granted("alice", null, "refresh-0");
        clock.advance(A_MOMENT);
        answer = NOBODY_TO_ASK;
        var dead = new ApiFailure(Meaning.DEAD, Scopes.NONE);

        Grant after = reported(grant, dead);
        reported(grant, dead);

        assertThat(after.status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(tokens().of(bot(), read(grant)).token()).isEqualTo(new Secret("access-1"));
        assertThat(issuer.shown()).hasSize(1);
    }

    @Test
    @DisplayName("2.2 Where nobody can be asked, a refused refresh ends what a bot reported")
    void whereNobodyCanBeAskedARefusedRefreshEndsTheGrant() {
        Grant grant = granted("alice", null, "refresh-0");
        clock.advance(A_MOMENT);
        answer = NOBODY_TO_ASK;
        issuer.fails(ProviderException.FailureKind.REFRESH_REFUSED);

        assertThat(reported(grant, new ApiFailure(Meaning.DEAD, Scopes.NONE)).status(clock.instant()))
                .isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    @DisplayName("2.2 Where nobody can be asked, a missing scope without a name ends nothing")
    void whereNobodyCanBeAskedAMissingScopeEndsNothing() {
        Grant grant = granted("alice", null, null);
        clock.advance(A_MOMENT);
        answer = NOBODY_TO_ASK;

        assertThat(reported(grant, new ApiFailure(Meaning.SCOPE_MISSING, Scopes.NONE))
                        .status(clock.instant()))
                .isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    @DisplayName("2.2 A probe that cannot ask is no proof")
    void aProbeThatCannotAskIsNoProof() {
        Grant grant = granted("alice", null, null);
        Instant got = clock.instant();
        clock.advance(Duration.ofHours(2));
        answer = NOBODY_TO_ASK;

        assertThat(tokens().of(bot(), read(grant)).token()).isEqualTo(new Secret("access-0"));
        probe().round();

        assertThat(read(grant).verifiedAt()).isEqualTo(got);
    }

    @Test
    @DisplayName("2.2 A token that the provider refused in a proxied call is not used again where nobody can be asked")
    void aTokenRefusedInAProxiedCallIsStopped() {
        Grant grant = granted("alice", null, null);
        clock.advance(Duration.ofHours(2));
        answer = NOBODY_TO_ASK;

        assertThat(tokens().replace(read(grant), true).token()).isNull();
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
    }

    @ParameterizedTest
    @EnumSource(names = {"USER_ACTION", "RATE_LIMITED", "UNKNOWN"})
    void whatSaysNothingAboutTheTokenChangesNothing(Meaning meaning) {
        Grant grant = granted("alice", null, null);

        Grant after = reported(grant, new ApiFailure(meaning, Scopes.NONE));

        assertThat(after.status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(after.granted().toList()).containsExactlyElementsOf(GRANTED.toList());
        assertThat(asked).isEmpty();
    }

    // Helpers

    private Grant reported(Grant grant, ApiFailure failure) {
        return probe().recordRefusal(bot(), read(grant), failure);
    }

    /** Of a node that has just started, as {@link #probe}. */
    private static FreshTokens tokens() {
        FreshTokens tokens = Beans.another(FreshTokens.class);
        tokens.liveness = probe();
        tokens.refresher = tokens.liveness.refresher;
        return tokens;
    }

    private static TokenLiveness probe() {
        TokenLiveness probe = Beans.another(TokenLiveness.class);
        probe.refresher = Beans.another(TokenRefresher.class);
        return probe;
    }

    private Connector bot() {
        return TestConnectors.of(definition, mixin());
    }

    private Provider mixin() {
        return yearly
                ? TestProviders.catalogue(configuration.settings())
                        .find("mixin")
                        .orElseThrow()
                : TestProviders.endlessMixin();
    }

    private Connectors connectors() {
        return new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return Optional.of(bot());
            }

            @Override
            public List<Connector> all() {
                var all = new ArrayList<>(List.of(bot()));
                for (int i = 0; i < others; i++) {
                    all.add(TestConnectors.of("other-" + i, definition, mixin()));
                }
                return all;
            }

            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(bot().provider());
            }
        };
    }

    private Grant granted(String subject, @Nullable Duration lifetime, @Nullable String refreshToken) {
        return granted("access-0", subject, lifetime, refreshToken);
    }

    private Grant granted(
            String accessToken, String subject, @Nullable Duration lifetime, @Nullable String refreshToken) {
        var token = new TokenResponse(
                new Secret(accessToken),
                "Bearer",
                lifetime,
                refreshToken == null ? null : new Secret(refreshToken),
                GRANTED,
                null);
        var received = new ReceivedTokens(
                new ConnectorId("ledger-bot"),
                new Subject(subject),
                new Account("a-" + subject, null, null),
                GRANTED,
                token,
                List.of());
        return issuing.record(received, "user", null, null);
    }

    private Grant read(Grant grant) {
        return grants.find(grant.id()).orElseThrow();
    }

    private List<GrantEventKind> history(Grant grant) {
        return database.in(() -> history.of(grant.id())).stream()
                .map(GrantEvent::kind)
                .toList();
    }
}
