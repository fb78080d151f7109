package dev.grantbook.authorization.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.authorization.AuthorizationCodeExchange;
import dev.grantbook.authorization.AuthorizationFlow;
import dev.grantbook.authorization.TestCodeExchange;
import dev.grantbook.authorization.attempt.Attempt.AttemptStatus;
import dev.grantbook.authorization.attempt.Attempts.CallbackClaim;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.RetentionPeriods;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.id.TypedId;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.invitation.Invitations;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.persistence.WithoutPauses;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.Events;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import dev.grantbook.vault.VaultException;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for invitations and attempts in every database. */
@OnDatabases
@ExtendWith(WithoutPauses.class)
class AttemptsTest {

    private static final Scopes ASKED = Scopes.of("PROFILE:READ", "ASSETS:READ");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final List<String> discarded = new ArrayList<>();
    private boolean unstorable;
    private String providerId = "mixin";
    private Attempts attempts = new Attempts();

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    Events events;

    @Inject
    Grants grants;

    @Inject
    Invitations invitations;

    @Inject
    AttemptData data;

    @Inject
    Vault vault;

    @Inject
    AttemptRetention leftovers;

    @BeforeEach
    void setUp() {
        attempts = Beans.another(Attempts.class);
        attempts.connectors = connectors();
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
    }

    @Test
    void whatWasPlannedComesBack() {
        String invitation = invite().invitation().id();
        Attempts.Started started = start(plan(invitation));

        Attempt found = find(started);

        assertThat(found.connector()).isEqualTo(new ConnectorId("wallet"));
        assertThat(found.invitation()).isEqualTo(invitation);
        assertThat(found.subject()).isEqualTo(new Subject("alice"));
        assertThat(found.features()).containsExactly("portfolio", "contacts");
        assertThat(found.scopes().isEmpty()).isTrue();
        assertThat(found.asked()).isEqualTo(ASKED);
        assertThat(found.returnTo()).isEqualTo("https://bot.example/chat");
        assertThat(found.locale()).isEqualTo(Locale.SIMPLIFIED_CHINESE);
        assertThat(found.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
        assertThat(found.status()).isEqualTo(AttemptStatus.STARTED);
        assertThat(found.isPublic()).isFalse();
    }

    @Test
    void noSecretStandsInTheDatabaseInClear() {
        Invitations.IssuedInvitation issued = invite();
        Attempts.Started started = start(plan(issued.invitation().id()));
        Secret handle = database.in(() -> attempts.handOut(started.attempt().id()));

        String tables = database.sql("SELECT * FROM attempt").toString() + database.sql("SELECT * FROM invitation");

        assertThat(tables)
                .contains(started.state().hash(), started.browser().hash(), handle.hash())
                .doesNotContain(
                        started.state().value(),
                        started.browser().value(),
                        started.nonce().value(),
                        started.pkce().verifier().value(),
                        handle.value(),
                        token(issued).value());
    }

    @Test
    void whatTheBotWantedIsToldWithTheOutcome() {
        var request = new Invitation.Request(
                new ConnectorId("wallet"),
                new Subject("alice"),
                null,
                List.of(),
                Scopes.NONE,
                null,
                null,
                "{\"say\":\"pay 5 to Bob\"}");
        Invitations.IssuedInvitation issued = database.in(() -> invitations.issue(request, "api-key:bot"));
        Attempts.Started started = start(plan(issued.invitation().id()));
        String stored = database.sql("SELECT context FROM invitation").toString();
        assertThat(stored).doesNotContain("pay 5 to Bob").hasSizeGreaterThan(40);
        assertThat(database.in(() -> invitations.context(issued.invitation())))
                .map(Object::toString)
                .contains("{\"say\":\"pay 5 to Bob\"}");

        grant(started);

        Grant grant = database.in(() -> grants.find(new ConnectorId("wallet"), new Subject("alice"), null))
                .orElseThrow();
        assertThat(database.in(() -> invitations.lastOf(grant)).flatMap(invitations::context))
                .map(Object::toString)
                .contains("{\"say\":\"pay 5 to Bob\"}");
        clock.advance(Duration.ofHours(24));
        assertThat(database.in(() -> invitations.lastOf(grant))).isEmpty();
    }

    @Test
    void ofSeveralLinksTheOneThatLedToTheGrantLastIsTold() {
        String pay = invite().invitation().id();
        clock.advance(Duration.ofMinutes(5));
        String assets = invite().invitation().id();
        Attempts.Started paying = start(plan(pay));
        Attempts.Started looking = start(plan(assets));

        clock.advance(Duration.ofMinutes(1));
        grant(looking);
        clock.advance(Duration.ofMinutes(4));
        grant(paying);

        Grant grant = database.in(() -> grants.find(new ConnectorId("wallet"), new Subject("alice"), null))
                .orElseThrow();
        assertThat(database.in(() -> invitations.lastOf(grant)))
                .map(Invitation::id)
                .contains(pay);
        assertThat(events.of(GrantEventRecorded.class))
                .extracting(GrantEventRecorded::invitation)
                .containsExactly(assets, pay);
    }

    @Test
    void isClaimedByItsStateOnly() {
        Attempts.Started started = start(plan(null));

        assertThat(refused("wallet", started.browser(), started.browser()))
                .isInstanceOf(CallbackResult.UnknownState.class);
        assertThat(refused("wallet", new Secret("x"), started.browser()))
                .isInstanceOf(CallbackResult.UnknownState.class);
        claim(started);
    }

    @Test
    void isClaimedByItsOwnBrowserAtItsOwnCallbackInTimeOnly() {
        Attempts.Started started = start(plan(null));

        assertThat(refused("diary", started.state(), started.browser()))
                .isInstanceOf(CallbackResult.OtherConnector.class);
        assertThat(refused(null, started.state(), started.browser()))
                .as("the connector does not share its callback")
                .isInstanceOf(CallbackResult.OtherConnector.class);
        assertThat(refused("wallet", started.state(), started.nonce()))
                .isInstanceOf(CallbackResult.ForeignBrowser.class);
        clock.advance(Duration.ofMinutes(10));
        assertThat(refused("wallet", started.state(), started.browser()))
                .isEqualTo(new CallbackResult.Refused(Outcome.LINK_ENDED));
        assertThat(find(started).status()).isEqualTo(AttemptStatus.STARTED);
    }

    @Test
    void knowsTheBrowserThatStartedIt() {
        Attempts.Started started = start(plan(null));

        assertThat(find(started).isFrom(started.browser())).isTrue();
        assertThat(find(started).isFrom(started.state())).isFalse();
    }

    @Test
    void knowsTheNonceOfItsRequest() {
        Attempts.Started mine = start(plan(null));
        Attempts.Started other = start(plan(null));

        assertThat(find(mine).isAnsweredWith(mine.nonce())).isTrue();
        assertThat(find(mine).isAnsweredWith(other.nonce())).isFalse();
        assertThat(find(mine).isAnsweredWith(mine.state())).isFalse();
    }

    @Test
    void twoCallbacksAtOnceGetTheVerifierOnce() {
        for (int round = 0; round < 3; round++) {
            Attempts.Started started = start(plan(null));

            List<CallbackClaim> claims = database.together(4, () -> claimed(started));

            assertThat(claims)
                    .filteredOn(CallbackClaim.ClaimedAttempt.class::isInstance)
                    .extracting(claim -> ((CallbackClaim.ClaimedAttempt) claim).pkce())
                    .containsExactly(started.pkce());
            assertThat(claims)
                    .filteredOn(CallbackClaim.RefusedCallback.class::isInstance)
                    .extracting(claim -> ((CallbackClaim.RefusedCallback) claim).result())
                    .hasSize(3)
                    .hasOnlyElementsOfType(CallbackResult.AlreadyUsed.class);
            assertThat(find(started).status()).isEqualTo(AttemptStatus.EXCHANGING);
        }
    }

    @Test
    void anyNodeClaimsAnAttemptAndNoneAgain() {
        Attempts other = Beans.another(Attempts.class);
        other.connectors = connectors();
        Attempts.Started started = start(plan(null));

        assertThat(database.in(() ->
                        other.claim(new ConnectorId("wallet"), started.state(), id -> Optional.of(started.browser()))))
                .isInstanceOf(CallbackClaim.ClaimedAttempt.class);

        assertThat(refused("wallet", started.state(), started.browser()))
                .isInstanceOf(CallbackResult.AlreadyUsed.class);
    }

    @Test
    void aVerifierThatWasSealedAnewIsReadAnew() {
        Attempts.Started started = start(plan(null));
        Sealed again = vault.seal(
                started.pkce().verifier().value(),
                Attempt.verifierAssociatedData(started.attempt().id()));
        database.tamper("UPDATE attempt SET verifier = '" + again.text() + "'");

        claim(started);
    }

    @Test
    void aVerifierThatWasCopiedFromAnotherAttemptDoesNotOpen() {
        Attempts.Started mine = start(plan(null));
        Attempts.Started other = start(plan(null));
        database.tamper("UPDATE attempt SET verifier = (SELECT v.verifier FROM attempt v WHERE v.id = '"
                + other.attempt().id() + "') WHERE id = '"
                + mine.attempt().id() + "'");

        assertThatExceptionOfType(VaultException.class).isThrownBy(() -> database.in(() -> claimed(mine)));
        assertThat(find(mine).status()).isEqualTo(AttemptStatus.STARTED);
    }

    @Test
    void endsWithAGrantAndForgetsTheVerifier() {
        String invitation = invite().invitation().id();
        Attempts.Started started = start(plan(invitation));
        claim(started);

        grant(started);

        Attempt found = find(started);
        assertThat(found.status()).isEqualTo(AttemptStatus.GRANTED);
        assertThat(found.grantId()).isNotNull();
        assertThat(found.finishedAt()).isEqualTo(clock.instant());
        assertThat(database.sql("SELECT verifier FROM attempt")).containsExactly(List.of("null"));
        assertThat(invitation(invitation).status(clock.instant())).isEqualTo(Invitation.InvitationStatus.GRANTED);
        assertThat(invitation(invitation).grantId()).isEqualTo(found.grantId());
        assertThat(refused("wallet", started.state(), started.browser()))
                .isInstanceOfSatisfying(
                        CallbackResult.AlreadyUsed.class,
                        used -> assertThat(used.attempt().grantId()).isEqualTo(found.grantId()));
    }

    @Test
    void aRefusalKeepsWhatWasGrantedBefore() {
        Attempts.Started first = start(plan(null));
        grant(first);
        Attempts.Started second = start(plan(invite().invitation().id()));

        database.run(() -> attempts.deny(mine(second)));

        assertThat(find(second).status()).isEqualTo(AttemptStatus.DENIED);
        assertThat(find(second).grantId()).isEqualTo(find(first).grantId());
    }

    @Test
    void aFailureNamesNoGrant() {
        Attempts.Started started = start(plan(null));

        database.run(() -> attempts.fail(started.attempt().id(), started.browser(), AttemptStatus.UNREACHABLE));

        assertThat(find(started).status()).isEqualTo(AttemptStatus.UNREACHABLE);
        assertThat(find(started).grantId()).isNull();
    }

    @Test
    void aHandleWorksOnceHoweverManyAskAtTheSameTime() {
        Attempts.Started started = start(plan(null));
        Secret handle = database.in(() -> attempts.handOut(started.attempt().id()));

        List<Optional<Attempt>> redeemed = database.together(4, () -> attempts.redeem(handle, attempt -> true));

        assertThat(redeemed.stream().flatMap(Optional::stream))
                .singleElement()
                .returns(started.attempt().id(), Attempt::id);
        assertThat(database.in(() -> attempts.redeem(handle, attempt -> true))).isEmpty();
    }

    @Test
    void aHandleStaysUnusedWhenSomebodyElseTriesIt() {
        Attempts.Started started = start(plan(null));
        Secret handle = database.in(() -> attempts.handOut(started.attempt().id()));

        assertThat(database.in(() -> attempts.redeem(handle, attempt -> false))).isEmpty();
        assertThat(database.in(() -> attempts.redeem(new Secret("guess"), attempt -> true)))
                .isEmpty();
        assertThat(database.in(() -> attempts.redeem(handle, attempt -> true))).isPresent();
    }

    @Test
    void aLaterHandleTakesThePlaceOfAnEarlierOne() {
        Attempts.Started started = start(plan(null));
        Secret first = database.in(() -> attempts.handOut(started.attempt().id()));
        Secret second = database.in(() -> attempts.handOut(started.attempt().id()));

        assertThat(database.in(() -> attempts.redeem(first, attempt -> true))).isEmpty();
        assertThat(database.in(() -> attempts.redeem(second, attempt -> true))).isPresent();
    }

    @Test
    void lookingAtAnInvitationChangesNothing() {
        Invitations.IssuedInvitation issued = invite();
        List<List<String>> first = database.sql("SELECT version FROM invitation");

        Invitation found = database.in(() -> invitations.find(token(issued)).orElseThrow());

        assertThat(found.id()).isEqualTo(issued.invitation().id());
        assertThat(found.status(clock.instant())).isEqualTo(Invitation.InvitationStatus.WAITING);
        assertThat(found.isOpen(clock.instant())).isTrue();
        assertThat(database.sql("SELECT version FROM invitation")).isEqualTo(first);
    }

    @Test
    void anInvitationGoesThroughItsLife() {
        String id = invite().invitation().id();
        Attempts.Started first = start(plan(id));
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.OPENED);

        database.run(() -> attempts.deny(mine(first)));
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.DENIED);
        assertThat(refused()).containsExactly(Invitation.InvitationStatus.DENIED);
        assertThat(invitation(id).isOpen(clock.instant())).isTrue();

        Attempts.Started second = start(plan(id));
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.OPENED);
        grant(second);
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.GRANTED);
        assertThat(invitation(id).isOpen(clock.instant())).isFalse();

        Attempts.Started askedForTheRest = start(plan(id));
        database.run(() -> attempts.deny(mine(askedForTheRest)));
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.GRANTED);
        assertThat(refused()).containsExactly(Invitation.InvitationStatus.DENIED, Invitation.InvitationStatus.GRANTED);
        clock.advance(Duration.ofDays(1));
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.GRANTED);
    }

    @Test
    void anInvitationEndsAfterHalfAnHour() {
        String id = invite().invitation().id();
        clock.advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.WAITING);

        clock.advance(Duration.ofMillis(1));

        assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.EXPIRED);
        assertThat(invitation(id).isOpen(clock.instant())).isFalse();
    }

    @Test
    void aDoubleClickStartsTwiceAndFailsNever() {
        for (int round = 0; round < 3; round++) {
            String id = invite().invitation().id();

            List<Attempts.Started> started = database.together(4, () -> attempts.start(plan(id)));

            assertThat(started).extracting(one -> one.attempt().id()).doesNotHaveDuplicates();
            assertThat(status(id)).isEqualTo(Invitation.InvitationStatus.OPENED);
        }
    }

    @Test
    void whatNamesAForgottenAccountIsGone() {
        var named = new Invitation.Request(
                new ConnectorId("wallet"), new Subject("bob"), "a-1", List.of(), Scopes.NONE, null, null, null);
        String gone = database.in(() -> invitations.issue(named, "api-key:bot"))
                .invitation()
                .id();
        Attempts.Started goneToo = start(new Attempt.Plan(
                new ConnectorId("wallet"),
                gone,
                new Subject("bob"),
                "a-1",
                List.of(),
                Scopes.NONE,
                ASKED,
                null,
                null,
                0));
        var subject = new Invitation.Request(
                new ConnectorId("wallet"), new Subject("a-1"), null, List.of(), Scopes.NONE, null, null, null);
        database.run(() -> invitations.issue(subject, "api-key:bot"));
        String kept = invite().invitation().id();
        Attempts.Started keptToo = start(plan(kept));

        database.run(() -> data.forget(List.of(new ConnectorId("diary")), "a-1"));
        assertThat(database.sql("SELECT id FROM invitation"))
                .as("another app's")
                .hasSize(3);
        database.run(() -> data.forget(List.of(new ConnectorId("wallet"), new ConnectorId("diary")), "a-1"));

        assertThat(database.sql("SELECT id FROM invitation")).containsExactly(List.of(kept));
        assertThat(database.in(() -> attempts.find(goneToo.attempt().id()))).isEmpty();
        assertThat(find(keptToo).invitation()).isEqualTo(kept);
        database.run(() -> data.forget(List.of(), "alice"));
        assertThat(database.sql("SELECT id FROM invitation")).hasSize(1);
    }

    // Forgotten on the way

    @Test
    void nothingIsStoredForWhoeverIsForgottenDuringTheTrip() {
        Attempts.Started started = start(plan(invite().invitation().id()));
        claim(started);
        forget();

        assertThat(grant(started)).isFalse();
        database.run(() -> attempts.deny(mine(started)));
        database.run(() -> attempts.fail(started.attempt().id(), started.browser(), AttemptStatus.FAILED));
        assertThat(refused("wallet", started.state(), started.browser()))
                .isInstanceOf(CallbackResult.UnknownState.class);
        assertThat(database.sql("SELECT id FROM user_grant")).isEmpty();
    }

    @Test
    void theTokenOfWhoeverIsForgottenDuringTheTripIsGivenUp() {
        Attempts.Started started = start(plan(invite().invitation().id()));

        CallbackResult result = comeBack(started, this::forget);

        assertThat(discarded).containsExactly("t");
        assertThat(result).isEqualTo(new CallbackResult.Refused(Outcome.LINK_ENDED));
        assertThat(result.location(configuration.settings()))
                .isEqualTo(Outcome.LINK_ENDED.page(configuration.settings()));
        assertThat(database.sql("SELECT id FROM user_grant")).isEmpty();
    }

    @Test
    void aTokenThatCannotBeStoredIsGivenUp() {
        Attempts.Started started = start(plan(invite().invitation().id()));
        unstorable = true;

        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> comeBack(started, () -> {}));

        assertThat(discarded).containsExactly("t");
    }

    @Test
    void aTokenThatIsStoredIsKept() {
        Attempts.Started started = start(plan(invite().invitation().id()));

        comeBack(started, () -> {});

        assertThat(discarded).isEmpty();
        assertThat(find(started).status()).isEqualTo(AttemptStatus.GRANTED);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName(
            "2.11, 2.13 A provider's own word for Cancel is a refusal; a callback with neither code nor error has failed")
    @CsvSource({
        "error=user_cancelled_login, DENIED",
        "error=user_cancelled_authorize&error_description=x, DENIED",
        "error=user_denied, DENIED",
        "error=access_denied, DENIED",
        "error=user_cancelled_something, FAILED",
        "error_code=1349003&error_message=Sorry, FAILED",
        "x=y, FAILED"
    })
    void whatTheCallbackSaysIsHowTheAttemptEnds(String query, AttemptStatus end) {
        providerId = "oauth2";
        Attempts.Started started = start(plan(invite().invitation().id()));

        CallbackResult result = flow(() -> {})
                .complete(
                        new ConnectorId("wallet"),
                        AuthorizationResponse.parse(
                                query + "&state=" + started.state().value()),
                        id -> Optional.of(started.browser()));

        assertThat(find(started).status()).isEqualTo(end);
        assertThat(result.location(configuration.settings()))
                .isEqualTo(configuration
                        .settings()
                        .publicUrl("/outcome/" + started.attempt().id()));
    }

    @ParameterizedTest
    @DisplayName("4.6 The log names connectors that are known, and nothing else of an address")
    @ValueSource(strings = {"state=unknown&code=x", "code=x"})
    void theLogNamesKnownConnectorsOnly(String query) {
        List<String> lines = new ArrayList<>();
        Logger log = Logger.getLogger(AuthorizationFlow.class.getName());
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().formatMessage(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            flow(() -> {})
                    .complete(
                            new ConnectorId("x\nSEVERE: forged"),
                            AuthorizationResponse.parse(query),
                            id -> Optional.empty());
        } finally {
            log.removeHandler(handler);
        }

        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("callback of no connector refused").doesNotContain("forged");
    }

    @Test
    @DisplayName("4.13 An attempt whose server was killed between exchange and commit is swept to failed")
    void anInterruptedExchangeIsSweptToFailed() {
        Attempts.Started killed = start(plan(null));
        claim(killed);
        clock.advance(Duration.ofSeconds(60));
        Attempts.Started running = start(plan(null));
        claim(running);
        clock.advance(Duration.ofSeconds(40));

        sweep();

        assertThat(find(killed).status()).isEqualTo(AttemptStatus.FAILED);
        assertThat(find(killed).finishedAt()).isEqualTo(clock.instant());
        assertThat(find(killed).verifier()).isNull();
        assertThat(find(running).status()).isEqualTo(AttemptStatus.EXCHANGING);

        assertThat(grant(killed)).as("should the exchange go on after all").isTrue();
        assertThat(find(killed).status()).isEqualTo(AttemptStatus.GRANTED);
        clock.advance(Duration.ofHours(1));
        sweep();
        assertThat(find(killed).status()).isEqualTo(AttemptStatus.GRANTED);
        assertThat(find(running).status()).isEqualTo(AttemptStatus.FAILED);
    }

    private void sweep() {
        var month = Period.ofDays(30);
        leftovers.drop(new ConnectorId("wallet"), new RetentionPeriods(month, month, month, month));
    }

    private void forget() {
        database.tamper("DELETE FROM attempt");
        database.tamper("DELETE FROM invitation");
    }

    /** @param meanwhile what happens while the provider is asked */
    private CallbackResult comeBack(Attempts.Started started, Runnable meanwhile) {
        return flow(meanwhile)
                .complete(
                        new ConnectorId("wallet"),
                        new AuthorizationResponse.Granted(started.state(), null, new Secret("code")),
                        id -> Optional.of(started.browser()));
    }

    private AuthorizationFlow flow(Runnable meanwhile) {
        AuthorizationCodeExchange exchange = TestCodeExchange.of(
                () -> {
                    meanwhile.run();
                    return TestCodeExchange.reply("t");
                },
                discarded);
        return TestCodeExchange.flow(connectors(), transacting(), exchange);
    }

    private Connector wallet() {
        return TestConnectors.of(
                "wallet",
                TestConnectors.LEDGER_BOT,
                TestProviders.catalogue(configuration.settings())
                        .find(providerId)
                        .orElseThrow());
    }

    private Connectors connectors() {
        return new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return Optional.of(wallet()).filter(known -> id.value().equals("wallet"));
            }

            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(connector.provider());
            }
        };
    }

    /** As the server has them: each call in a transaction of its own. */
    private Attempts transacting() {
        return new Attempts() {
            @Override
            public CallbackClaim claim(
                    @Nullable ConnectorId connectorId, Secret state, Function<String, Optional<Secret>> shown) {
                return database.in(() -> attempts.claim(connectorId, state, shown));
            }

            @Override
            public CallbackResult deny(CallbackClaim.ClaimedAttempt claim) {
                return database.in(() -> attempts.deny(claim));
            }

            @Override
            public CallbackResult fail(String id, Secret browser, AttemptStatus end) {
                return database.in(() -> attempts.fail(id, browser, end));
            }

            @Override
            public Optional<CallbackResult.Stored> store(CallbackClaim.ClaimedAttempt claim, ReceivedTokens received) {
                if (unstorable) {
                    throw new PersistenceException("the database is away");
                }
                return database.in(() -> attempts.store(claim, received));
            }
        };
    }

    private Invitations.IssuedInvitation invite() {
        var request = new Invitation.Request(
                new ConnectorId("wallet"),
                new Subject("alice"),
                null,
                List.of("portfolio"),
                Scopes.NONE,
                null,
                Locale.SIMPLIFIED_CHINESE,
                null);
        return database.in(() -> invitations.issue(request, "api-key:bot"));
    }

    private static Secret token(Invitations.IssuedInvitation issued) {
        String link = issued.link().toString();
        return new Secret(link.substring(link.lastIndexOf('/') + 1));
    }

    private static Attempt.Plan plan(@Nullable String invitation) {
        return new Attempt.Plan(
                new ConnectorId("wallet"),
                invitation,
                new Subject("alice"),
                null,
                List.of("portfolio", "contacts"),
                Scopes.NONE,
                ASKED,
                "https://bot.example/chat",
                Locale.SIMPLIFIED_CHINESE,
                0);
    }

    private Attempts.Started start(Attempt.Plan plan) {
        return database.in(() -> attempts.start(plan));
    }

    private void claim(Attempts.Started started) {
        assertThat(database.in(() -> claimed(started)))
                .isInstanceOfSatisfying(
                        CallbackClaim.ClaimedAttempt.class,
                        mine -> assertThat(mine.pkce()).isEqualTo(started.pkce()));
    }

    private CallbackClaim claimed(Attempts.Started started) {
        return attempts.claim(new ConnectorId("wallet"), started.state(), id -> Optional.of(started.browser()));
    }

    /** The status that each invitation of a refusal had. */
    private List<Invitation.InvitationStatus> refused() {
        return events.of(Invitation.class).stream()
                .map(invitation -> invitation.status(clock.instant()))
                .toList();
    }

    private CallbackResult refused(@Nullable String connector, Secret state, Secret browser) {
        CallbackClaim claim = database.in(() -> attempts.claim(
                TypedId.parse(connector, ConnectorId::new).orElse(null), state, id -> Optional.of(browser)));
        return ((CallbackClaim.RefusedCallback) claim).result();
    }

    private CallbackClaim.ClaimedAttempt mine(Attempts.Started started) {
        return new CallbackClaim.ClaimedAttempt(started.attempt(), wallet(), started.browser(), started.pkce());
    }

    private boolean grant(Attempts.Started started) {
        return database.in(() -> attempts.store(mine(started), received())).isPresent();
    }

    private static ReceivedTokens received() {
        var token = new TokenResponse(new Secret("t"), "Bearer", null, null, ASKED, null);
        return new ReceivedTokens(
                new ConnectorId("wallet"),
                new Subject("alice"),
                new Account("a-1", "Alice", null),
                ASKED,
                token,
                List.of());
    }

    private Attempt find(Attempts.Started started) {
        return database.in(() -> attempts.find(started.attempt().id()).orElseThrow());
    }

    private Invitation invitation(String id) {
        return database.in(() -> invitations.find(id).orElseThrow());
    }

    private Invitation.InvitationStatus status(String id) {
        return invitation(id).status(clock.instant());
    }
}
