package dev.grantbook.grant.confirmation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.EndReason;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.GrantTimes;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.confirmation.Confirmations.CodeAnswer;
import dev.grantbook.grant.confirmation.Confirmations.CodeResult;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.grant.search.GrantQuery;
import dev.grantbook.grant.search.GrantSearch;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What holds for grants whose chat user has still to show that it was them. */
@OnDatabases(h2 = false)
class ConfirmationTest {

    private static final Scopes ASKED = Scopes.of("PROFILE:READ");

    private static final ConfirmationCode CODE = new ConfirmationCode("K7QM4T");
    private static final ConfirmationCode OTHER = new ConfirmationCode("PPPPPP");
    private static final ConfirmationCode WRONG = new ConfirmationCode("CCCCCC");

    private static final Duration TIME = Duration.ofMinutes(10);

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    Grants grants;

    @Inject
    GrantSearch search;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    Confirmations confirmations;

    @Inject
    GrantHistory history;

    @Inject
    GrantTimes times;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
    }

    @Test
    void anUnconfirmedGrantYieldsNoToken() {
        Grant grant = unconfirmed("a-1", "t-1");

        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
        assertThat(find(grant).confirmBy()).isEqualTo(clock.instant().plus(TIME));
        assertThat(token(grant)).isNull();
    }

    @Test
    void aConfirmedGrantIsLikeAnyOther() {
        Grant grant = unconfirmed("a-1", "t-1");

        assertThat(confirm(grant)).isTrue();

        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(find(grant).confirmBy()).isNull();
        assertThat(token(grant)).isEqualTo(new Secret("t-1"));
        assertThat(kinds(grant)).containsExactlyInAnyOrder(GrantEventKind.GRANTED, GrantEventKind.CONFIRMED);
        clock.advance(TIME);
        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void confirmingTwiceIsNoErrorAndOneEvent() {
        Grant grant = unconfirmed("a-1", "t-1");

        List<Boolean> answers = database.together(3, () -> confirmations.confirm(grant.id(), "facebook"));

        assertThat(answers).containsOnly(true);
        assertThat(kinds(grant)).containsExactlyInAnyOrder(GrantEventKind.GRANTED, GrantEventKind.CONFIRMED);
    }

    @Test
    void afterTheDeadlineItReadsAsRevokedAndItsTokensAreDestroyedOnce() {
        Grant grant = unconfirmed("a-1", "t-1");
        clock.advance(TIME.minusMillis(1));
        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
        clock.advance(Duration.ofMillis(1));

        List<Grant> looks = database.together(3, () -> grants.find(grant.id()).orElseThrow());

        assertThat(looks).extracting(look -> look.status(clock.instant())).containsOnly(GrantStatus.REVOKED);
        assertThat(looks).extracting(look -> look.reason(clock.instant())).containsOnly(EndReason.UNCONFIRMED);
        assertThat(stored(grant)).as("reading changes nothing").contains("UNCONFIRMED");
        database.together(3, () -> {
            ending.endOverdue();
            return true;
        });
        assertThat(stored(grant)).containsExactly("null", "null", "REVOKED");
        assertThat(kinds(grant)).containsExactlyInAnyOrder(GrantEventKind.GRANTED, GrantEventKind.UNCONFIRMED);
    }

    @Test
    void afterTheDeadlineItsTokensAreDestroyedThoughNobodyLooks() {
        Grant lapsed = unconfirmed("a-1", "t-1");
        clock.advance(Duration.ofMinutes(5));
        Grant waiting = unconfirmed("a-2", "t-2");
        clock.advance(Duration.ofMinutes(5));

        ending.endOverdue();

        assertThat(stored(lapsed)).containsExactly("null", "null", "REVOKED");
        assertThat(status(waiting)).isEqualTo(GrantStatus.UNCONFIRMED);
        ending.endOverdue();
        assertThat(kinds(lapsed))
                .as("once")
                .containsExactlyInAnyOrder(GrantEventKind.GRANTED, GrantEventKind.UNCONFIRMED);
    }

    @Test
    void afterTheDeadlineNobodyCanConfirm() {
        Grant grant = unconfirmed("a-1", "t-1");
        clock.advance(TIME);

        assertThat(confirm(grant)).isFalse();

        assertThat(status(grant)).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void whatHasEndedCannotBeConfirmed() {
        Grant grant = unconfirmed("a-1", "t-1");
        database.run(() -> ending.disconnect(grant.id(), "user", any -> {}));

        assertThat(confirm(grant)).isFalse();

        assertThat(status(grant)).isEqualTo(GrantStatus.REVOKED);
        assertThat(database.in(() -> confirmations.confirm(new GrantId("unknown"), "facebook")))
                .isFalse();
    }

    @Test
    void anActiveGrantStaysActiveWhenItsUserRepeatsTheTrip() {
        Grant grant = unconfirmed("a-1", "t-1");
        confirm(grant);

        unconfirmed("a-1", "t-2");

        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(token(grant)).isEqualTo(new Secret("t-2"));
        clock.advance(TIME);
        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void anotherAccountLeavesTheActiveGrantAlone() {
        Grant own = unconfirmed("a-1", "t-1");
        confirm(own);

        Grant foreign = unconfirmed("m-1", "t-m");

        assertThat(status(foreign)).isEqualTo(GrantStatus.UNCONFIRMED);
        assertThat(database.in(() -> grants.find(new ConnectorId("wallet"), new Subject("alice"), null)
                        .orElseThrow()))
                .returns(own.id(), Grant::id)
                .returns(GrantStatus.ACTIVE, found -> found.status(clock.instant()));
    }

    @Test
    void withoutAnAccountNothingWasProvedBefore() {
        Grant grant = unconfirmed("", "t-1");
        confirm(grant);

        unconfirmed("", "t-2");

        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
        assertThat(token(grant)).isNull();
    }

    @Test
    void listsKnowWhatIsUnconfirmed() {
        Grant grant = unconfirmed("a-1", "t-1");
        assertThat(listed(GrantStatus.UNCONFIRMED)).containsExactly(grant.id());
        assertThat(listed(GrantStatus.ACTIVE)).isEmpty();

        clock.advance(TIME);
        ending.endOverdue();

        assertThat(listed(GrantStatus.UNCONFIRMED)).isEmpty();
        assertThat(listed(GrantStatus.REVOKED)).containsExactly(grant.id());
        assertThat(database.in(() -> grants.count(10))).containsEntry(GrantStatus.UNCONFIRMED, 0);
    }

    @Test
    void aTokenThatCameMeanwhileIsNotEndedByTheOldOnesRejection() {
        Grant seen = record("a-1", "t-1", null);
        record("a-1", "t-2", null);

        database.run(() -> ending.reject(seen));

        assertThat(status(seen)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(token(seen)).isEqualTo(new Secret("t-2"));
    }

    @Test
    void manyMayFindAtOnceThatATokenWorks() {
        Grant grant = record("a-1", "t-1", null);
        clock.advance(Duration.ofHours(1));

        database.together(4, () -> {
            times.prove(grant, clock.instant());
            return true;
        });

        assertThat(find(grant).verifiedAt()).isEqualTo(clock.instant());
    }

    @Test
    void theCodeConfirms() {
        Grant grant = byCode("a-1", "t-1", CODE);

        CodeResult result = confirm(CODE);

        assertThat(result.answer()).isEqualTo(CodeAnswer.CONFIRMED);
        assertThat(result.grant()).isNotNull().returns(grant.id(), Grant::id);
        assertThat(token(grant)).isEqualTo(new Secret("t-1"));
        assertThat(kinds(grant)).containsExactlyInAnyOrder(GrantEventKind.GRANTED, GrantEventKind.CONFIRMED);
        assertThat(confirm(CODE).answer()).as("again").isEqualTo(CodeAnswer.CONFIRMED);
        assertThat(kinds(grant)).hasSize(2);
    }

    @Test
    void theCodeConfirmsTheGrantThatIsNamed() {
        Grant grant = byCode("a-1", "t-1", CODE);

        assertThat(database.in(() -> confirmations.confirm(grant.id(), CODE, "api-key:bot"))
                        .answer())
                .isEqualTo(CodeAnswer.CONFIRMED);
        assertThat(database.in(() -> confirmations.confirm(new GrantId("unknown"), CODE, "api-key:bot"))
                        .answer())
                .isEqualTo(CodeAnswer.NOTHING_WAITS);
    }

    @Test
    void theCodeIsNotKept() {
        Grant grant = byCode("a-1", "t-1", CODE);

        String stored = database.sql("SELECT confirm_code_hash FROM user_grant WHERE id = '" + grant.id() + "'")
                .get(0)
                .get(0);

        assertThat(stored).matches("[0-9a-f]{64}").isNotEqualTo(new Secret(CODE.text()).hash());
    }

    @Test
    void theFifthWrongCodeDestroysTheTokens() {
        Grant grant = byCode("a-1", "t-1", CODE);
        for (int left = 4; left >= 1; left--) {
            assertThat(confirm(WRONG)).isEqualTo(new CodeResult(CodeAnswer.WRONG, null, left));
        }
        assertThat(token(grant)).isNull();

        assertThat(confirm(WRONG).answer()).isEqualTo(CodeAnswer.WRONG_AND_OVER);

        assertThat(stored(grant)).containsExactly("null", "null", "REVOKED");
        assertThat(confirm(CODE).answer()).isEqualTo(CodeAnswer.NOTHING_WAITS);
        assertThat(kinds(grant)).containsExactlyInAnyOrder(GrantEventKind.GRANTED, GrantEventKind.UNCONFIRMED);
    }

    @Test
    void manyGuessesAtOnceHaveNoMoreTries() {
        Grant grant = byCode("a-1", "t-1", CODE);

        List<CodeAnswer> answers = database.together(
                8,
                () -> confirmations
                        .confirmFor(new ConnectorId("wallet"), new Subject("alice"), WRONG, "api-key:bot")
                        .answer());

        assertThat(answers).filteredOn(CodeAnswer.WRONG::equals).hasSize(4);
        assertThat(answers).filteredOn(CodeAnswer.WRONG_AND_OVER::equals).hasSize(1);
        assertThat(answers).filteredOn(CodeAnswer.NOTHING_WAITS::equals).hasSize(3);
        assertThat(status(grant)).isEqualTo(GrantStatus.REVOKED);
    }

    @Test
    void aRightCodeAfterWrongOnesIsRight() {
        byCode("a-1", "t-1", CODE);
        confirm(WRONG);
        confirm(WRONG);

        assertThat(confirm(CODE).answer()).isEqualTo(CodeAnswer.CONFIRMED);
    }

    @Test
    void anotherSubjectsCodeConfirmsNothing() {
        Grant forwarded = byCode("m-1", "t-1", CODE);

        CodeResult result = database.in(
                () -> confirmations.confirmFor(new ConnectorId("wallet"), new Subject("mallory"), CODE, "api-key:bot"));

        assertThat(result.answer()).isEqualTo(CodeAnswer.NOTHING_WAITS);
        assertThat(status(forwarded)).isEqualTo(GrantStatus.UNCONFIRMED);
    }

    @Test
    void theCodeComesTooLate() {
        Grant grant = byCode("a-1", "t-1", CODE);
        clock.advance(TIME);

        assertThat(confirm(CODE).answer()).isEqualTo(CodeAnswer.NOTHING_WAITS);

        assertThat(stored(grant)).containsExactly("null", "null", "REVOKED");
    }

    @Test
    void aNewTripHasANewCodeAndNewTries() {
        Grant grant = byCode("a-1", "t-1", CODE);
        for (int i = 1; i < Confirmations.CODE_TRIES; i++) {
            confirm(WRONG);
        }
        byCode("a-1", "t-2", OTHER);

        assertThat(confirm(CODE)).isEqualTo(new CodeResult(CodeAnswer.WRONG, null, 4));
        assertThat(confirm(OTHER).answer()).isEqualTo(CodeAnswer.CONFIRMED);
        assertThat(token(grant)).isEqualTo(new Secret("t-2"));
    }

    @Test
    void ofTwoAccountsTheCodeConfirmsItsOwn() {
        Grant one = byCode("a-1", "t-1", CODE);
        Grant other = byCode("a-2", "t-2", OTHER);

        assertThat(confirm(OTHER).answer()).isEqualTo(CodeAnswer.CONFIRMED);

        assertThat(status(one)).isEqualTo(GrantStatus.UNCONFIRMED);
        assertThat(status(other)).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void whatAChannelConfirmsHasNoCode() {
        Grant grant = unconfirmed("a-1", "t-1");

        assertThat(confirm(CODE).answer()).isEqualTo(CodeAnswer.NOTHING_WAITS);
        assertThat(database.in(() -> confirmations.confirm(grant.id(), CODE, "api-key:bot"))
                        .answer())
                .isEqualTo(CodeAnswer.NOTHING_WAITS);
        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
    }

    private CodeResult confirm(ConfirmationCode code) {
        return database.in(
                () -> confirmations.confirmFor(new ConnectorId("wallet"), new Subject("alice"), code, "api-key:bot"));
    }

    private Grant unconfirmed(String account, String token) {
        return record(account, token, TIME);
    }

    private Grant byCode(String account, String token, ConfirmationCode code) {
        return record(account, token, TIME, code);
    }

    private Grant record(String account, String token, @Nullable Duration time) {
        return record(account, token, time, null);
    }

    private Grant record(String account, String token, @Nullable Duration time, @Nullable ConfirmationCode code) {
        var reply = new TokenResponse(new Secret(token), "Bearer", null, new Secret("r-" + token), ASKED, null);
        var received = new ReceivedTokens(
                new ConnectorId("wallet"),
                new Subject("alice"),
                account.isEmpty() ? null : new Account(account, "Alice", null),
                ASKED,
                reply,
                List.of());
        return database.in(() -> issuing.record(
                received, "user", time == null ? null : clock.instant().plus(time), code));
    }

    private boolean confirm(Grant grant) {
        return database.in(() -> confirmations.confirm(grant.id(), "facebook"));
    }

    private Grant find(Grant grant) {
        return database.in(() -> grants.find(grant.id()).orElseThrow());
    }

    private GrantStatus status(Grant grant) {
        return find(grant).status(clock.instant());
    }

    private @Nullable Secret token(Grant grant) {
        return grants.accessToken(find(grant)).orElse(null);
    }

    private List<String> stored(Grant grant) {
        return database.sql(
                        "SELECT access_token, refresh_token, status FROM user_grant WHERE id = '" + grant.id() + "'")
                .get(0);
    }

    private List<GrantEventKind> kinds(Grant grant) {
        return database.in(() -> history.of(grant.id())).stream()
                .map(GrantEvent::kind)
                .toList();
    }

    private List<GrantId> listed(GrantStatus status) {
        var query =
                new GrantQuery(null, null, Set.of(status), null, null, null, null, GrantQuery.Sort.UPDATED, null, 10);
        return database.in(() -> search.page(query)).grants().stream()
                .map(Grant::id)
                .toList();
    }
}
