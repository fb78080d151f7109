package dev.grantbook.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
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
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.GrantedScopes;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.grant.search.GrantJson;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Counts;
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
import java.util.concurrent.Callable;
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

/** What holds for the refreshing of tokens in every database. */
@OnDatabases
class TokenRefresherTest {

    private static final Scopes GRANTED = Scopes.of("PROFILE:READ", "ASSETS:READ");
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @RegisterExtension
    final Counts counts = new Counts();

    @TestBean
    final Issuer issuer = new Issuer();

    @TestBean
    final TokenLiveness liveness = TestTokens.unasked();

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
    GrantEnding ending;

    @Inject
    GrantedScopes scopes;

    @Inject
    GrantHistory history;

    @Inject
    AccountGrants accounts;

    @Inject
    RefreshLeases leases;

    @Inject
    TokenRefresher refresh;

    @Inject
    FreshTokens tokens;

    @Parameter
    Database database;

    private final Provider mixin =
            TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow();
    private final Connector bot = TestConnectors.of(TestConnectors.REVOCABLE_LEDGER_BOT, mixin);
    private List<Connector> all = List.of(bot);

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    // One refresh, however many ask

    @ParameterizedTest
    @CsvSource({"2, 1", "5, 1", "50, 1", "2, 2", "5, 2", "50, 2"})
    void whoeverAsksGetsTheOneNewToken(int callers, int nodes) throws Exception {
        Grant grant = granted();
        clock.advance(HOUR);
        var servers = new ArrayList<FreshTokens>();
        for (int i = 0; i < nodes; i++) {
            servers.add(node());
        }

        List<String> got = together(
                callers,
                caller -> token(servers.get(caller % nodes).of(bot, read(grant)).token()));

        assertThat(got).hasSize(callers).containsOnly("access-1");
        assertThat(refreshes("refreshed")).isEqualTo(1);
        assertThat(issuer.shown()).containsExactly("refresh-0");
    }

    @Test
    void whileSomebodyRefreshesTheOthersGoOnWithATokenThatIsStillGood() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR.minusMinutes(1));
        Issuer.Held held = issuer.holdNext();

        Future<String> first =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        assertThat(token(tokens.of(bot, read(grant)).token()))
                .as("on the same node")
                .isEqualTo("access-0");
        assertThat(token(node().of(bot, read(grant)).token()))
                .as("on another node")
                .isEqualTo("access-0");
        held.letGo();
        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("access-1");
        assertThat(issuer.shown()).hasSize(1);
    }

    @Test
    void eachRefreshTokenIsUsedOnce() {
        Grant grant = granted();
        for (int hours = 1; hours <= 5; hours++) {
            clock.advance(HOUR);
            assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-" + hours);
        }

        assertThat(issuer.shown())
                .containsExactly("refresh-0", "refresh-1", "refresh-2", "refresh-3", "refresh-4")
                .doesNotHaveDuplicates();
    }

    @Test
    void aReplyWithoutARefreshTokenLeavesTheOldOneInPlace() {
        issuer.standard();
        Grant grant = granted();
        clock.advance(HOUR);
        tokens.of(bot, read(grant));
        clock.advance(HOUR);
        tokens.of(bot, read(grant));

        assertThat(issuer.shown()).containsExactly("refresh-0", "refresh-0");
    }

    @Test
    @DisplayName(
            "2.5 A refresh reply without expires_in does not make the token endless: the lifetime told last counts anew")
    void theLifetimeToldLastCountsAnewFromTheRefresh() {
        Grant grant = granted();
        issuer.namesNoLifetime();
        clock.advance(HOUR);
        tokens.of(bot, read(grant));
        assertThat(read(grant).expiresAt()).isEqualTo(clock.instant().plus(HOUR));

        clock.advance(Duration.ofMinutes(10));
        Grant seen = read(grant);
        database.run(() -> ending.reject(seen));
        clock.advance(Duration.ofMinutes(1));
        tokens.of(bot, read(grant));

        assertThat(read(grant).expiresAt())
                .as("that its token was refused before its end says nothing about the next one")
                .isEqualTo(clock.instant().plus(HOUR));
    }

    @Test
    @DisplayName("2.4 A refresh that meets a new grant leaves the new token, and its rotated refresh token is kept")
    void aRefreshThatMeetsANewGrantLeavesTheNewToken() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR);
        Issuer.Held held = issuer.holdNext();
        Future<String> slow =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        granted(HOUR, null);
        held.letGo();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("access-0");
        clock.advance(HOUR);
        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-2");
        assertThat(issuer.shown()).containsExactly("refresh-0", "refresh-1");
    }

    @Test
    @DisplayName("2.15 The next try is no earlier than the provider asked for")
    void theNextTryIsNoEarlierThanTheProviderAskedFor() {
        Instant now = clock.instant();
        var asked = new ProviderException(ProviderException.FailureKind.UNREACHABLE, "later", now.plusSeconds(90));

        assertThat(TokenRefresher.pause(0, asked, now)).hasSeconds(90);
        assertThat(TokenRefresher.pause(4, asked, now)).hasMinutes(8);
        assertThat(TokenRefresher.pause(0, new IllegalStateException(), now)).hasSeconds(30);
    }

    // When

    @ParameterizedTest
    @CsvSource({"PT54M, access-0", "PT55M, access-1", "PT59M, access-1", "PT1000H, access-1"})
    void aTokenIsReplacedAMarginBeforeItsEnd(Duration age, String token) {
        Grant grant = granted();
        clock.advance(age);

        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource({"PT59S, access-0", "PT60S, access-1"})
    void aTokenThatLivesShortIsReplacedAfterHalfOfItsLife(Duration age, String token) {
        Grant grant = granted(Duration.ofMinutes(2), "refresh-0");
        clock.advance(age);

        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo(token);
    }

    @Test
    void aTokenThatNeverExpiresIsLeftAlone() {
        Grant grant = granted(null, "refresh-0");
        clock.advance(Duration.ofDays(6));

        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-0");
        assertThat(issuer.shown()).isEmpty();
    }

    @Test
    void aTokenThatTheProviderRefusedIsReplacedOnce() {
        Grant grant = granted();
        Grant seen = read(grant);
        clock.advance(Duration.ofSeconds(10));

        assertThat(token(tokens.replace(seen, true).token()))
                .as("although its end is far away")
                .isEqualTo("access-1");
        assertThat(token(tokens.replace(seen, true).token()))
                .as("the refused token is gone already")
                .isEqualTo("access-1");
        assertThat(issuer.shown()).hasSize(1);
    }

    @Test
    void aTokenThatIsRefusedAtOnceStays() {
        Grant seen = read(granted());
        clock.advance(Duration.ofSeconds(9));

        assertThat(token(tokens.replace(seen, true).token())).isEqualTo("access-0");
        assertThat(issuer.shown()).isEmpty();
    }

    @Test
    void refreshTokensThatNobodyUsesAreKeptAlive() {
        Grant old = granted(null, "refresh-0");
        clock.advance(Duration.ofDays(6));
        refresh.keepAlive();
        assertThat(issuer.shown()).isEmpty();

        clock.advance(Duration.ofDays(1));
        refresh.keepAlive();
        refresh.keepAlive();

        assertThat(issuer.shown()).containsExactly("refresh-0");
        assertThat(read(old).tokens().issuedAt()).isEqualTo(clock.instant());
    }

    @Test
    void thoseThatFailKeepNobodyFromTheirTurn() {
        int many = 60;
        for (int i = 0; i < many; i++) {
            granted("ledger-bot", "fails-" + i, null, "refresh-old");
        }
        clock.advance(Duration.ofDays(1));
        Grant good = granted(null, "refresh-0");
        clock.advance(Duration.ofDays(8));
        issuer.fails(ProviderException.FailureKind.UNREACHABLE);
        for (int i = 0; i < many; i++) {
            refresh.keepAlive();
        }
        assertThat(issuer.shown())
                .as("a provider that is away is asked once a round")
                .hasSize(many)
                .containsOnly("refresh-old");
        clock.advance(HOUR);
        issuer.fails(null);

        refresh.keepAlive();

        assertThat(issuer.shown()).contains("refresh-0");
        assertThat(read(good).tokens().issuedAt()).isEqualTo(clock.instant());
    }

    @Test
    void whatCannotBeAskedOfOneConnectorIsAskedOfTheOthers() {
        all = List.of(TestConnectors.of("diary", TestConnectors.LEDGER_BOT, mixin), bot);
        granted("diary", "alice", null, "refresh-1");
        granted("diary", "bob", null, "refresh-2");
        granted(null, "refresh-0");
        clock.advance(Duration.ofDays(8));
        issuer.fails(ProviderException.FailureKind.UNREACHABLE);

        refresh.keepAlive();

        assertThat(issuer.shown()).hasSize(2).contains("refresh-0");
    }

    @Test
    void withoutARefreshTokenNothingIsKeptAlive() {
        granted(null, null);
        clock.advance(Duration.ofDays(100));

        refresh.keepAlive();

        assertThat(issuer.shown()).isEmpty();
    }

    // Failures

    @Test
    void aRefreshThatFailsTakesNoGoodTokenAway() {
        Grant grant = granted();
        clock.advance(HOUR.minusMinutes(4));
        issuer.fails(ProviderException.FailureKind.UNREACHABLE);

        FreshTokens.Fresh fresh = tokens.of(bot, read(grant));

        assertThat(token(fresh.token())).isEqualTo("access-0");
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(refreshes("failed")).isEqualTo(1);
        assertThat(RecordJson.write(GrantJson.SummaryJson.of(read(grant), clock.instant()))
                        .getJsonObject("refresh"))
                .asString()
                .isEqualTo("{\"tries\":1,\"next_try\":\"" + clock.instant().plusSeconds(30) + "\"}");
    }

    @Test
    void afterAFailureTheProviderIsLeftInPeaceForAWhile() {
        Grant grant = granted();
        clock.advance(HOUR.minusMinutes(5));
        issuer.fails(ProviderException.FailureKind.UNREACHABLE);
        tokens.of(bot, read(grant));

        clock.advance(Duration.ofSeconds(29));
        tokens.of(bot, read(grant));
        assertThat(issuer.shown()).hasSize(1);

        clock.advance(Duration.ofSeconds(1));
        tokens.of(bot, read(grant));
        assertThat(issuer.shown()).as("after half a minute").hasSize(2);

        clock.advance(Duration.ofSeconds(59));
        tokens.of(bot, read(grant));
        assertThat(issuer.shown()).as("the pause doubles").hasSize(2);

        issuer.fails(null);
        clock.advance(Duration.ofSeconds(1));
        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-3");
    }

    @Test
    void pausesEndAtAnHour() {
        assertThat(TokenRefresher.pause(0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(TokenRefresher.pause(6)).isEqualTo(Duration.ofMinutes(32));
        assertThat(TokenRefresher.pause(7)).isEqualTo(Duration.ofHours(1));
        assertThat(TokenRefresher.pause(1_000_000)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aTokenThatEndedWhileTheProviderIsAwayIsNotHandedOutAndTheGrantStands() {
        Grant grant = granted();
        clock.advance(HOUR);
        issuer.fails(ProviderException.FailureKind.UNREACHABLE);

        FreshTokens.Fresh fresh = tokens.of(bot, read(grant));

        assertThat(fresh.token()).isNull();
        assertThat(fresh.retryAt()).isEqualTo(clock.instant().plusSeconds(30));
        assertThat(fresh.grant().status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(fresh::orUnavailable)
                .satisfies(problem -> assertThat(problem.problem())
                        .returns(503, Problem::status)
                        .returns(fresh.retryAt(), Problem::retryAt));
    }

    @Test
    void aRefusedRefreshTokenEndsTheGrantWhenItsTokenHasEnded() {
        Grant grant = granted();
        clock.advance(HOUR);
        issuer.fails(ProviderException.FailureKind.REFRESH_REFUSED);

        FreshTokens.Fresh fresh = tokens.of(bot, read(grant));

        assertThat(fresh.token()).isNull();
        assertThat(fresh.retryAt()).isNull();
        assertThat(fresh.grant().status(clock.instant())).isEqualTo(GrantStatus.EXPIRED);
        assertThat(read(grant).reason(clock.instant())).isEqualTo(EndReason.REFRESH_REFUSED);
        assertThat(kinds(grant)).contains(GrantEventKind.REFRESH_FAILED, GrantEventKind.EXPIRED);
        assertThat(refreshes("refused")).isEqualTo(1);
        assertThat(counts.of("leases.lost")).isZero();
    }

    @Test
    void aRefusedRefreshTokenLeavesAGoodTokenToItsEnd() {
        Grant grant = granted();
        clock.advance(HOUR.minusMinutes(4));
        issuer.fails(ProviderException.FailureKind.REFRESH_REFUSED);

        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-0");
        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-0");
        assertThat(issuer.shown()).as("it is not tried again").hasSize(1);
        assertThat(read(grant).reason(clock.instant())).isEqualTo(EndReason.REFRESH_REFUSED);
        assertThat(kinds(grant)).contains(GrantEventKind.REFRESH_FAILED).doesNotContain(GrantEventKind.EXPIRED);

        clock.advance(Duration.ofMinutes(4));
        assertThat(tokens.of(bot, read(grant)).grant().status(clock.instant())).isEqualTo(GrantStatus.EXPIRED);
        database.run(ending::endOverdue);
        database.run(ending::endOverdue);
        assertThat(kinds(grant))
                .filteredOn(kind -> kind == GrantEventKind.EXPIRED)
                .hasSize(1);
    }

    @Test
    void whatGrantsExpiredWithoutARefreshTokenSayWhy() {
        Grant grant = granted(HOUR, null);
        clock.advance(HOUR);

        assertThat(tokens.of(bot, read(grant)).token()).isNull();
        assertThat(read(grant).reason(clock.instant())).isEqualTo(EndReason.LIFETIME_OVER);
        database.run(ending::endOverdue);
        assertThat(events(grant))
                .filteredOn(event -> event.kind() == GrantEventKind.EXPIRED)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo(EndReason.LIFETIME_OVER));
    }

    @Test
    void aGrantThatEndedIsNotRefreshed() {
        Grant grant = granted();
        withdraw();
        clock.advance(HOUR);

        assertThat(tokens.of(bot, read(grant)).token()).isNull();
        assertThat(issuer.shown()).isEmpty();
    }

    // Scopes

    @Test
    void aChangedListOfScopesIsWrittenDown() {
        Grant grant = granted();
        clock.advance(HOUR);
        issuer.grants(Scopes.of("PROFILE:READ"));

        assertThat(tokens.of(bot, read(grant)).grant().granted().toList()).containsExactly("PROFILE:READ");
        assertThat(events(grant))
                .filteredOn(event -> event.kind() == GrantEventKind.CHANGED)
                .singleElement()
                .satisfies(event -> assertThat(event.declined().toList()).containsExactly("ASSETS:READ"));
    }

    @Test
    void theSameScopesInAnotherOrderAreNoChange() {
        Grant grant = granted();
        clock.advance(HOUR);
        issuer.grants(Scopes.of("ASSETS:READ", "PROFILE:READ"));
        tokens.of(bot, read(grant));

        assertThat(kinds(grant)).doesNotContain(GrantEventKind.CHANGED);
    }

    // Leases

    @Test
    void aHolderThatIsGoneIsReplacedWhenItsLeaseEnds() {
        Grant grant = granted();
        clock.advance(HOUR);
        var taken = leases.take(grant, any -> true, Duration.ofSeconds(10));
        assertThat(taken).isInstanceOf(RefreshLeases.Taken.Leased.class);
        assertThat(leases.take(grant, any -> true, Duration.ofSeconds(10)))
                .isInstanceOf(RefreshLeases.Taken.LeasedElsewhere.class);

        clock.advance(Duration.ofSeconds(10));

        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-1");
    }

    @Test
    void aHolderThatGivesSignsOfLifeKeepsItsLease() {
        Grant grant = granted();
        clock.advance(HOUR);
        var lease = lease(grant);
        for (int signs = 0; signs < 5; signs++) {
            clock.advance(Duration.ofSeconds(9));
            assertThat(leases.keep(lease, Duration.ofSeconds(10))).isTrue();
        }

        assertThat(leases.take(grant, any -> true, Duration.ofSeconds(10)))
                .isInstanceOf(RefreshLeases.Taken.LeasedElsewhere.class);
    }

    @Test
    void aLeaseThatWasTakenOverCannotBeKept() {
        Grant grant = granted();
        var first = lease(grant);
        clock.advance(Duration.ofSeconds(10));
        var second = lease(grant);

        assertThat(leases.keep(first, Duration.ofSeconds(10))).isFalse();
        assertThat(leases.keep(second, Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whoLostTheLeaseStillBringsTheOneRefreshTokenThatIsLeft() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR);
        Issuer.Held held = issuer.holdNext();
        Future<String> slow =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        clock.advance(Duration.ofSeconds(11));
        FreshTokens.Fresh other = node().of(bot, read(grant));
        assertThat(other.token())
                .as("the refresh token was used up by the slow one")
                .isNull();

        held.letGo();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("access-1");
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(kinds(grant))
                .as("whoever was told that it had expired is told that it is back")
                .contains(GrantEventKind.CHANGED);
        assertThat(counts.of("leases.lost", "connector", "ledger-bot")).isEqualTo(1);
        clock.advance(HOUR);
        tokens.of(bot, read(grant));
        assertThat(issuer.shown()).endsWith("refresh-1");
    }

    @Test
    void aScopeThatIsTakenBackWhileARefreshIsOnItsWayStaysTakenBack() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR);
        Issuer.Held held = issuer.holdNext();
        Future<String> slow =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        scopes.remove(read(grant), List.of("ASSETS:READ"));
        held.letGo();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("access-1");
        assertThat(read(grant).granted()).isEqualTo(Scopes.of("PROFILE:READ"));
    }

    @Test
    void aRotationOfKeysInTheMiddleLosesNoRefreshToken() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR);
        Issuer.Held held = issuer.holdNext();
        Future<String> slow =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        String anew = vault.seal("refresh-0", "user_grant/" + grant.id() + "/refresh_token")
                .text();
        database.tamper("UPDATE user_grant SET refresh_token = '" + anew + "'");
        held.letGo();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("access-1");
    }

    @Test
    void whoComesLateWithOldTokensDoesNotReplaceNewOnes() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR);
        Issuer.Held held = issuer.holdNext();
        Future<String> slow =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        granted(HOUR, "refresh-of-another-trip");
        held.letGo();

        assertThat(slow.get(30, TimeUnit.SECONDS))
                .as("the token of the other trip")
                .isEqualTo("access-0");
        assertThat(refreshes("useless")).isEqualTo(1);
        assertThat(token(tokens.of(bot, read(grant)).token())).isEqualTo("access-0");
    }

    @Test
    void whatIsRefreshedWhileItsUserEndsItStaysEnded() throws Exception {
        Grant grant = granted();
        clock.advance(HOUR.minusMinutes(1));
        Issuer.Held held = issuer.holdNext();
        Future<String> slow =
                inBackground(() -> token(tokens.of(bot, read(grant)).token()));
        held.awaitQuestion();

        withdraw();
        held.letGo();

        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("null");
        assertThat(read(grant).status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
        assertThat(database.sql("SELECT access_token, refresh_token FROM user_grant"))
                .containsExactly(List.of("null", "null"));
        assertThat(database.sql("SELECT grant_id, tries FROM revocation"))
                .as("what the refresh brought lives at the provider, which has to be told")
                .containsExactly(List.of(grant.id().value(), "0"));
    }

    @Test
    void aRefreshTokenThatCannotBeOpenedKeepsNobodyFromTheirTurn() {
        Grant grant = granted(HOUR, "refresh-1");
        database.tamper("UPDATE user_grant SET refresh_token = 'bm90IHNlYWxlZA=='");
        clock.advance(Duration.ofSeconds(1));
        granted("ledger-bot", "bob", HOUR, "refresh-0");
        clock.advance(Duration.ofDays(7));

        refresh.keepAlive();

        assertThat(read(grant).tokens().retryAt()).isEqualTo(clock.instant().plus(HOUR));
        assertThat(issuer.shown()).containsExactly("refresh-0");
        assertThat(leases.findAged(
                        new ConnectorId("ledger-bot"), clock.instant().minusSeconds(1), false))
                .isEmpty();
    }

    // Helpers

    private long refreshes(String outcome) {
        return counts.of("refreshes", "connector", "ledger-bot", "outcome", outcome);
    }

    private void withdraw() {
        int ended =
                database.in(() -> accounts.withdraw(List.of(new ConnectorId("ledger-bot")), "a-1", clock.instant()));
        assertThat(ended).isOne();
    }

    private static FreshTokens node() {
        FreshTokens node = Beans.another(FreshTokens.class);
        node.refresher = Beans.another(TokenRefresher.class);
        return node;
    }

    /** Whatever they are called, they are the same bot. */
    private Connectors connectors() {
        return new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return Optional.of(bot);
            }

            @Override
            public List<Connector> all() {
                return all;
            }

            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(mixin);
            }
        };
    }

    private Grant granted() {
        return granted(HOUR, "refresh-0");
    }

    private Grant granted(@Nullable Duration lifetime, @Nullable String refreshToken) {
        return granted("ledger-bot", "alice", lifetime, refreshToken);
    }

    private Grant granted(
            String connector, String subject, @Nullable Duration lifetime, @Nullable String refreshToken) {
        var token = new TokenResponse(
                new Secret("access-0"),
                "Bearer",
                lifetime,
                refreshToken == null ? null : new Secret(refreshToken),
                GRANTED,
                null);
        var received = new ReceivedTokens(
                new ConnectorId(connector),
                new Subject(subject),
                new Account("a-1", "Alice", null),
                GRANTED,
                token,
                List.of());
        return database.in(() -> issuing.record(received, "user", null, null));
    }

    private Grant read(Grant grant) {
        return database.in(() -> grants.find(grant.id())).orElseThrow();
    }

    private RefreshLeases.RefreshLease lease(Grant grant) {
        return ((RefreshLeases.Taken.Leased) leases.take(grant, any -> true, Duration.ofSeconds(10))).lease();
    }

    private List<GrantEvent> events(Grant grant) {
        return database.in(() -> history.of(grant.id()));
    }

    private List<GrantEventKind> kinds(Grant grant) {
        return events(grant).stream().map(GrantEvent::kind).toList();
    }

    private static String token(@Nullable Secret token) {
        return token == null ? "null" : token.value();
    }

    private static <T> Future<T> inBackground(Callable<T> work) {
        var one = Executors.newSingleThreadExecutor();
        try {
            return one.submit(work);
        } finally {
            one.shutdown();
        }
    }

    /** What one caller does. */
    private interface Caller<T> {
        T call(int number) throws Exception;
    }

    private static <T> List<T> together(int callers, Caller<T> caller) throws Exception {
        var pool = Executors.newFixedThreadPool(callers);
        var start = new CyclicBarrier(callers);
        try {
            var running = new ArrayList<Future<T>>();
            for (int i = 0; i < callers; i++) {
                int number = i;
                running.add(pool.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return caller.call(number);
                }));
            }
            var results = new ArrayList<T>();
            for (Future<T> one : running) {
                results.add(one.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
