package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEvent.GrantEventKind;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.GrantedScopes;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.token.TestTokens;
import dev.grantbook.vault.VaultException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What holds for secondary tokens, and for grants that end at the provider, in every database. */
@OnDatabases
class SecondaryTokensTest {

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

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
    GrantedScopes scopes;

    @Inject
    SecondaryTokens secondaryTokens;

    @Inject
    AccountGrants accounts;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    // Secondary tokens

    @Test
    void whatAnExchangeToldComesBack() {
        Grant grant = record(alice().secondaryTokens(
                        page("p-2", "Zebra shop", "page-token-2"), page("p-1", "Café 王", "page-token-1")));

        assertThat(of(grant)).extracting(SecondaryToken::externalId).containsExactly("p-1", "p-2");
        assertThat(of(grant)).extracting(SecondaryToken::kind).containsOnly("page");
        assertThat(of(grant)).extracting(SecondaryToken::name).containsExactly("Café 王", "Zebra shop");
        assertThat(of(grant)).extracting(SecondaryToken::updatedAt).containsOnly(clock.instant());
        assertThat(of(grant)).extracting(SecondaryToken::grantId).containsOnly(grant.id());
        assertThat(tokens(grant)).containsExactly("page-token-1", "page-token-2");
    }

    @Test
    void noTokenStandsInTheDatabaseInClear() {
        record(alice().secondaryTokens(page("p-1", "Café", "page-token-1")));

        assertThat(database.sql("SELECT token FROM secondary_token"))
                .singleElement()
                .satisfies(row -> assertThat(row.get(0)).matches("[A-Za-z0-9+/]{40,}=*"));
        assertThat(database.sql("SELECT * FROM secondary_token").toString()).doesNotContain("page-token-1");
    }

    @Test
    void aTokenThatWasCopiedFromAnotherRowDoesNotOpen() {
        Grant grant = record(
                alice().secondaryTokens(page("p-1", "Café", "page-token-1"), page("p-2", "Zebra", "page-token-2")));
        database.tamper(
                "UPDATE secondary_token SET token = (SELECT v.token FROM secondary_token v WHERE v.external_id = 'p-2')");

        SecondaryToken copied = of(grant).get(0);

        assertThatExceptionOfType(VaultException.class).isThrownBy(() -> secondaryTokens.token(copied));
    }

    @Test
    void aLaterExchangeReplacesTheWholeList() {
        Grant grant = record(
                alice().secondaryTokens(page("p-1", "Café", "page-token-1"), page("p-2", "Zebra", "page-token-2")));
        clock.advance(Duration.ofMinutes(5));

        record(alice().secondaryTokens(page("p-2", "Zebra 2", "page-token-2b"), page("p-3", null, "page-token-3")));

        assertThat(of(grant)).extracting(SecondaryToken::externalId).containsExactly("p-2", "p-3");
        assertThat(of(grant)).extracting(SecondaryToken::name).containsExactly("Zebra 2", null);
        assertThat(tokens(grant)).containsExactly("page-token-2b", "page-token-3");
        assertThat(of(grant)).extracting(SecondaryToken::updatedAt).containsOnly(clock.instant());
        record(alice());
        assertThat(of(grant)).isEmpty();
    }

    @Test
    void whatIsNamedTwiceIsKeptOnceAndKindsAreToldApart() {
        Grant grant = record(alice().secondaryTokens(
                        page("p-1", "Café", "page-token-1"),
                        page("p-1", "Café again", "page-token-1b"),
                        new dev.grantbook.provider.ProviderToken("user", "p-1", null, new Secret("user-token"))));

        assertThat(tokens(grant)).containsExactly("page-token-1", "user-token");
    }

    @Test
    void theLongestValuesThatAreAllowedCanBeKept() {
        String longest = "İ".repeat(255);
        Grant grant = record(alice().secondaryTokens(page(longest, longest, "t".repeat(16 * 1024))));

        assertThat(of(grant)).extracting(SecondaryToken::name).containsExactly(longest);
        assertThat(tokens(grant)).containsExactly("t".repeat(16 * 1024));
    }

    @Test
    void whatCannotBeKeptIsLeftOutAndTheGrantStands() {
        Grant grant = record(alice().secondaryTokens(
                        page("", "Nothing", "page-token-0"),
                        page("i".repeat(256), "Long", "page-token-1"),
                        page("p\u0000", "Zero", "page-token-2"),
                        page("p\ud800", "Half", "page-token-3"),
                        page("p-4", "Huge", "t".repeat(16 * 1024 + 1)),
                        page("p-5", "Fine", "page-token-5")));

        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(tokens(grant)).containsExactly("page-token-5");
    }

    @Test
    void theEndOfTheGrantDestroysThem() {
        Grant grant = record(alice().secondaryTokens(page("p-1", "Café", "page-token-1")));
        Grant other =
                record(alice().subject("bob").account("b-1").secondaryTokens(page("p-1", "Café", "page-token-1")));

        database.in(() -> ending.disconnect(grant.id(), "user", any -> {}));

        assertThat(of(grant)).isEmpty();
        assertThat(of(other)).hasSize(1);
    }

    @Test
    void twoExchangesAtOnceLeaveOneWholeList() {
        List<Grant> made = database.together(
                4,
                () -> issuing.record(
                        alice().secondaryTokens(
                                        page("p-1", "Café", "page-token-1"), page("p-2", "Zebra", "page-token-2"))
                                .received(),
                        "user",
                        null,
                        null),
                20);

        assertThat(of(made.get(0))).extracting(SecondaryToken::externalId).containsExactly("p-1", "p-2");
        assertThat(database.sql("SELECT id FROM secondary_token")).hasSize(2);
    }

    @Test
    @DisplayName("2.4 What a refresh rotated is kept when its user granted again meanwhile, and the newer token stays")
    void aRefreshThatMeetsANewGrantKeepsTheRotatedRefreshToken() {
        var page = new dev.grantbook.provider.ProviderToken(
                "page", "p-1", "Café", new Secret("page-token-1"), new Secret("refresh-1"), Duration.ofHours(1));
        Grant grant = record(alice().secondaryTokens(page));
        TestTokens.refresh(
                of(grant).get(0),
                () -> record(alice().secondaryTokens(page("p-1", "Café", "page-token-2"))),
                new TokenResponse(new Secret("late"), "Bearer", null, new Secret("refresh-2"), null, null),
                Scopes.NONE);

        assertThat(tokens(grant)).containsExactly("page-token-2");
        assertThat(of(grant))
                .singleElement()
                .satisfies(
                        held -> assertThat(secondaryTokens.refreshToken(held)).contains(new Secret("refresh-2")));
        assertThat(find(grant).granted())
                .as("as it was granted again")
                .isEqualTo(Scopes.of("PROFILE:READ", "ASSETS:READ"));
    }

    // Ended at the provider

    @Test
    void whatAnAccountTookBackEndsInEveryConnectorOfTheApp() {
        Grant one = record(alice().secondaryTokens(page("p-1", "Café", "page-token-1")));
        Grant two = record(alice().connector("diary"));
        Grant bob = record(alice().subject("bob").account("b-1"));
        clock.advance(Duration.ofMinutes(5));

        assertThat(withdraw("a-1", clock.instant())).isEqualTo(2);

        assertThat(status(one)).isEqualTo(GrantStatus.REVOKED);
        assertThat(status(two)).isEqualTo(GrantStatus.REVOKED);
        assertThat(status(bob)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(of(one)).isEmpty();
        assertThat(database.sql("SELECT access_token FROM user_grant WHERE account_id = 'a-1'"))
                .containsOnly(List.of("null"));
        assertThat(history(one).get(0).kind()).isEqualTo(GrantEventKind.DISCONNECTED);
        assertThat(history(one).get(0).actor()).isEqualTo("provider");
        assertThat(withdraw("a-1", clock.instant())).as("twice changes nothing").isZero();
        assertThat(history(one)).hasSize(2);
    }

    @Test
    void anotherAppsConnectorsAreLeftAlone() {
        Grant wallet = record(alice());
        Grant diary = record(alice().connector("diary"));

        database.in(() -> accounts.withdraw(List.of(new ConnectorId("diary")), "a-1", clock.instant()));

        assertThat(status(wallet)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(status(diary)).isEqualTo(GrantStatus.REVOKED);
        assertThat(database.in(() -> accounts.withdraw(List.of(), "a-1", clock.instant())))
                .isZero();
    }

    @Test
    void whoGrantedAgainSinceKeepsTheNewGrant() {
        Grant grant = record(alice());
        Instant takenBack = clock.instant();
        withdraw("a-1", takenBack);
        clock.advance(Duration.ofMinutes(5));
        record(alice().token("access-2"));

        assertThat(withdraw("a-1", takenBack)).as("the same notice once more").isZero();

        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(withdraw("a-1", clock.instant())).isOne();
    }

    @Test
    void aPermissionThatWasTakenBackAtTheProviderIsMissingFromThenOn() {
        Grant grant = record(alice());
        clock.advance(Duration.ofMinutes(5));

        database.run(() -> scopes.prove(grant, Scopes.of("PROFILE:READ"), clock.instant()));

        Grant found = find(grant);
        assertThat(found.granted()).isEqualTo(Scopes.of("PROFILE:READ"));
        assertThat(found.verifiedAt()).isEqualTo(clock.instant());
        assertThat(history(grant).get(0).kind()).isEqualTo(GrantEventKind.CHANGED);
        assertThat(history(grant).get(0).actor()).isEqualTo("provider");
        assertThat(history(grant).get(0).declined()).isEqualTo(Scopes.of("ASSETS:READ"));
        database.run(() -> scopes.prove(grant, Scopes.of("PROFILE:READ"), clock.instant()));
        assertThat(history(grant)).as("no change, no line").hasSize(2);
        assertThat(database.in(
                        () -> accounts.live(List.of(new ConnectorId("wallet"), new ConnectorId("diary")), "a-1")))
                .hasSize(1);
        withdraw("a-1", clock.instant());
        database.run(() -> scopes.prove(grant, Scopes.of("ASSETS:READ"), clock.instant()));
        assertThat(find(grant).granted()).as("what has ended stays").isEqualTo(Scopes.of("PROFILE:READ"));
        assertThat(database.in(
                        () -> accounts.live(List.of(new ConnectorId("wallet"), new ConnectorId("diary")), "a-1")))
                .isEmpty();
    }

    @Test
    void whoIsForgottenIsNowhereToBeFound() {
        // No letter of the account id can be in one of our own ids.
        Grant grant = record(alice().account("zyx-account").secondaryTokens(page("p-1", "Café", "page-token-1")));
        Grant ended = record(alice().subject("other-chat").account("zyx-account"));
        database.in(() -> ending.disconnect(ended.id(), "user", any -> {}));
        Grant bob = record(alice().subject("bob").account("b-1").name("Bob"));

        erase("zyx-account");

        String everything = database.sql("SELECT * FROM user_grant").toString()
                + database.sql("SELECT * FROM grant_word")
                + database.sql("SELECT * FROM grant_event")
                + database.sql("SELECT * FROM secondary_token");
        assertThat(everything).doesNotContain("zyx-account", "Alice", "王").contains("Bob");
        Grant found = find(grant);
        assertThat(found.status(clock.instant())).isEqualTo(GrantStatus.REVOKED);
        assertThat(found.subject()).as("the bot's own").isEqualTo(new Subject("alice"));
        assertThat(found.accountId()).isEqualTo("erased-" + grant.id());
        assertThat(found.accountName()).isNull();
        assertThat(of(grant)).isEmpty();
        assertThat(history(grant))
                .extracting(GrantEvent::kind)
                .contains(GrantEventKind.GRANTED, GrantEventKind.DISCONNECTED, GrantEventKind.ERASED);
        assertThat(history(ended))
                .extracting(GrantEvent::kind)
                .contains(GrantEventKind.GRANTED, GrantEventKind.DISCONNECTED, GrantEventKind.ERASED);
        assertThat(status(bob)).isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void aSubjectThatIsTheAccountIsForgottenToo() {
        Grant grant = record(alice().subject("a-1"));

        erase("a-1");

        assertThat(find(grant).subject()).isEqualTo(new Subject("erased-" + grant.id()));
        assertThat(database.sql("SELECT word FROM grant_word")).doesNotContain(List.of("a-1"));
    }

    @Test
    void twoForgottenAccountsOfOneSubjectAreNoClash() {
        record(alice());
        record(alice().account("a-2"));

        erase("a-1");
        erase("a-2");

        assertThat(database.sql("SELECT id FROM user_grant")).hasSize(2);
    }

    @Test
    void whoComesBackAfterwardsIsSomebodyNew() {
        Grant grant = record(alice());
        erase("a-1");

        Grant fresh = record(alice());

        assertThat(fresh.id()).isNotEqualTo(grant.id());
        assertThat(history(fresh)).hasSize(1);
    }

    private int withdraw(String account, Instant before) {
        return database.in(
                () -> accounts.withdraw(List.of(new ConnectorId("wallet"), new ConnectorId("diary")), account, before));
    }

    private void erase(String account) {
        database.run(() -> accounts.erase(List.of(new ConnectorId("wallet"), new ConnectorId("diary")), account));
    }

    private Grant record(Sample sample) {
        return database.in(() -> issuing.record(sample.received(), "user", null, null));
    }

    private Grant find(Grant grant) {
        return database.in(() -> grants.find(grant.id()).orElseThrow());
    }

    private GrantStatus status(Grant grant) {
        return find(grant).status(clock.instant());
    }

    private List<SecondaryToken> of(Grant grant) {
        return database.in(() -> secondaryTokens.of(grant.id()));
    }

    private List<String> tokens(Grant grant) {
        return of(grant).stream().map(secondaryTokens::token).map(Secret::value).toList();
    }

    private List<GrantEvent> history(Grant grant) {
        return database.in(() -> history.of(grant.id()));
    }

    private static Sample alice() {
        return new Sample();
    }

    private static dev.grantbook.provider.ProviderToken page(String id, @Nullable String name, String token) {
        return new dev.grantbook.provider.ProviderToken("page", id, name, new Secret(token));
    }
}
