package dev.grantbook.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.conversation.Conversation.CodeStatus;
import dev.grantbook.conversation.ConversationLink.LinkEnd;
import dev.grantbook.conversation.ConversationLinks.Receipt;
import dev.grantbook.conversation.Conversations.Claim;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.VaultException;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What holds for conversations and their links in every database. */
@OnDatabases
class ConversationsTest {

    private static final Conversation.ConversationKey KEY =
            new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.WEB, "session 7 会话");
    private static final URI REDIRECT = URI.create("https://login.example/done");
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    Conversations conversations;

    @Inject
    ConversationLinks links;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
    }

    @Test
    void isOneForEachConnectorChannelAndSession() {
        Conversation first = open("alice");

        assertThat(open("alice").id()).isEqualTo(first.id());
        assertThat(open(
                                new Conversation.ConversationKey(
                                        new ConnectorId("wallet"), Channel.APPLE, KEY.session()),
                                "alice")
                        .id())
                .isNotEqualTo(first.id());
        assertThat(open(new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.WEB, "other"), "alice")
                        .id())
                .isNotEqualTo(first.id());
        assertThat(found().key()).isEqualTo(KEY);
        assertThat(found().subject()).isEqualTo(new Subject("alice"));
    }

    @Test
    void isMadeOnceHoweverManyAskAtTheSameTime() {
        List<Conversation> opened = database.together(4, () -> conversations.open(KEY, new Subject("alice")), 5);

        assertThat(opened).extracting(Conversation::id).containsOnly(found().id());
    }

    @Test
    void aCodeComesBackWithWhatBelongsToIt() {
        String id = keep("code-of-alice", new Secret("v".repeat(43)), REDIRECT);

        assertThat(claim(id))
                .isInstanceOfSatisfying(
                        Claim.Claimed.class,
                        mine -> assertThat(mine.code())
                                .isEqualTo(new Conversations.Code(
                                        new Secret("code-of-alice"),
                                        new Secret("v".repeat(43)),
                                        REDIRECT,
                                        clock.instant().plus(Conversations.CODE_LIFETIME))));
    }

    @Test
    void aCodeIsClaimedOnceHoweverManyAskAtTheSameTime() {
        for (int round = 0; round < 3; round++) {
            String id = keep("code-of-alice", null, null);

            List<Claim> claims = database.together(4, () -> conversations.claim(id));

            assertThat(claims).filteredOn(Claim.Claimed.class::isInstance).hasSize(1);
            assertThat(claims)
                    .filteredOn(Claim.ClaimedElsewhere.class::isInstance)
                    .hasSize(3);
        }
    }

    @Test
    void aCodeThatWasWorthAGrantIsGone() {
        String id = keep("code-of-alice", null, null);
        claim(id);

        String grant = store(id, Optional.empty()).orElseThrow().id().value();

        assertThat(found().codeStatus()).isEqualTo(CodeStatus.NONE);
        assertThat(found().authCode()).isNull();
        assertThat(found().grantId()).isEqualTo(new GrantId(grant));
        assertThat(claim(id)).isInstanceOf(Claim.Nothing.class);
    }

    @Test
    void aCodeInPartsIsExchangedByItsFirstAndKeepsThem() {
        String id = keep("code-of-alice|department=7||", null, null);

        assertThat(claim(id))
                .isInstanceOfSatisfying(
                        Claim.Claimed.class,
                        mine -> assertThat(mine.code().value()).isEqualTo(new Secret("code-of-alice")));
        store(id, Optional.empty());

        assertThat(parts()).containsExactly("code-of-alice", "department=7", "", "");
        assertThat(claim(id)).isInstanceOf(Claim.Nothing.class);
    }

    @Test
    void nothingIsStoredForAConversationThatWasErasedMeanwhile() {
        String id = keep("code-of-alice", null, null);
        claim(id);
        database.tamper("DELETE FROM conversation");

        assertThat(store(id, Optional.empty())).isEmpty();
        database.run(() -> conversations.recordRejection(id));

        assertThat(database.sql("SELECT id FROM user_grant")).isEmpty();
    }

    @Test
    void aGrantWaitsTenMinutesForItsCode() {
        String id = keep("code-of-alice", null, null);
        claim(id);
        var code = ConfirmationCode.of(new Secret("code-of-alice"), id);

        Grant grant = store(id, Optional.of(code)).orElseThrow();

        assertThat(grant.takes(code)).isTrue();
        assertThat(grant.confirmBy()).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
    }

    @Test
    void aRefusedCodeIsForgottenInAllItsParts() {
        String id = keep("code-of-alice|department=7", null, null);
        claim(id);

        database.run(() -> conversations.recordRejection(id));

        assertThat(parts()).isEmpty();
        assertThat(claim(id)).isInstanceOf(Claim.Nothing.class);
    }

    @Test
    void aCodeThatCouldNotBeTriedIsTriedAgainWithinItsTime() {
        String id = keep("code-of-alice", null, null);
        Conversations.Code code = ((Claim.Claimed) claim(id)).code();
        clock.advance(Duration.ofMinutes(9));

        database.run(() -> conversations.release(id, code));

        assertThat(claim(id)).isInstanceOf(Claim.Claimed.class);
        database.run(() -> conversations.release(id, code));
        clock.advance(Duration.ofMinutes(1));
        assertThat(claim(id)).isInstanceOf(Claim.TooLate.class);
        assertThat(found().authCode()).isNull();
    }

    @Test
    void aCodeWhoseExchangeNeverEndedIsGivenUp() {
        String id = keep("code-of-alice", null, null);
        claim(id);
        clock.advance(Duration.ofSeconds(49));
        assertThat(claim(id)).isInstanceOf(Claim.ClaimedElsewhere.class);

        clock.advance(Duration.ofSeconds(1));

        assertThat(claim(id)).isInstanceOf(Claim.TooLate.class);
        assertThat(claim(id)).isInstanceOf(Claim.Nothing.class);
    }

    @Test
    void aCodeThatComesWhileAnotherIsExchangedHasTheLastWord() {
        String id = keep("first", null, null);
        claim(id);
        keep("second", null, null);

        database.run(() -> conversations.recordRejection(id));

        assertThat(parts()).containsExactly("second");
    }

    @Test
    void aDeliveredTokenComesBack() {
        String id = open("alice").id();
        database.run(() -> conversations.keepToken(id, new Secret("t0ken"), HOUR, Scopes.of("A", "B")));

        Conversation found = found();

        assertThat(conversations.token(found)).contains(new Secret("t0ken"));
        assertThat(found.tokenScopes()).isEqualTo(Scopes.of("A", "B"));
        assertThat(found.tokenExpiry()).isEqualTo(clock.instant().plus(HOUR));
        assertThat(found.tokenVerifiedAt()).isNull();
        database.run(() -> conversations.recordVerification(found, "a-1", "Alice"));
        assertThat(found().tokenVerifiedAt()).isEqualTo(clock.instant());
        assertThat(found().accountId()).isEqualTo("a-1");
    }

    @Test
    void aTokenThatCameMeanwhileIsNotForgottenInPlaceOfTheOldOne() {
        String id = open("alice").id();
        database.run(() -> conversations.keepToken(id, new Secret("old"), null, null));
        Conversation seen = found();
        database.run(() -> conversations.keepToken(id, new Secret("new"), null, null));

        database.run(() -> conversations.forgetToken(seen));

        assertThat(conversations.token(found())).contains(new Secret("new"));
        Conversation current = found();
        database.run(() -> conversations.forgetToken(current));
        assertThat(conversations.token(found())).isEmpty();
    }

    @Test
    void passesToAnotherUserWithNothingOfTheFormer() {
        String id = keep("code-of-alice", null, REDIRECT);
        database.run(() -> conversations.keepToken(id, new Secret("t0ken"), null, null));
        database.run(() -> conversations.linkTo(id, new GrantId("grant-1")));

        open("bob");

        assertThat(found().subject()).isEqualTo(new Subject("bob"));
        assertForgotten();
    }

    @Test
    void forgetsEverythingAtLogOut() {
        String id = keep("code-of-alice", null, REDIRECT);
        database.run(() -> conversations.keepToken(id, new Secret("t0ken"), null, null));
        database.run(() -> conversations.linkTo(id, new GrantId("grant-1")));

        database.run(() -> conversations.forget(id));

        assertForgotten();
        assertThat(found().subject()).isEqualTo(new Subject("alice"));
    }

    private void assertForgotten() {
        assertThat(found().grantId()).isNull();
        assertThat(database.sql("SELECT auth_code, code_verifier, redirect_uri, access_token, token_scopes, account_id"
                        + " FROM conversation"))
                .containsExactly(Collections.nCopies(6, "null"));
        assertThat(claim(found().id())).isInstanceOf(Claim.Nothing.class);
    }

    @Test
    void noSecretStandsInTheDatabaseInClear() {
        String id = keep("code-of-alice", new Secret("verifier"), null);
        database.run(() -> conversations.keepToken(id, new Secret("t0ken"), null, null));
        ConversationLinks.IssuedLink issued = issue();
        database.run(() -> links.finishesAt(issued.link().id(), URI.create("https://m.facebook.com/?t=linkingtoken")));
        database.run(() -> links.ends(issued.link().id(), LinkEnd.LINKED, new GrantId("grant-1")));
        Secret code = database.in(() -> links.handOutCode(issued.link().id()));

        String tables =
                database.sql("SELECT * FROM conversation").toString() + database.sql("SELECT * FROM conversation_link");

        assertThat(tables)
                .contains(code.hash())
                .doesNotContain(
                        "code-of-alice",
                        "verifier",
                        "t0ken",
                        "linkingtoken",
                        issued.handle().value(),
                        code.value());
    }

    @Test
    void aTokenThatWasCopiedFromAnotherConversationDoesNotOpen() {
        String mine = open("alice").id();
        database.run(() -> conversations.keepToken(mine, new Secret("mine"), null, null));
        String other = open(
                        new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.WEB, "other"), "mallory")
                .id();
        database.tamper(
                "UPDATE conversation SET access_token = (SELECT v.access_token FROM conversation v WHERE v.id = '"
                        + mine + "') WHERE id = '" + other + "'");

        Conversation tampered = database.in(() -> conversations.find(other).orElseThrow());

        assertThatExceptionOfType(VaultException.class).isThrownBy(() -> conversations.token(tampered));
    }

    @Test
    void aLinkIsFoundByItsHandleUntilItsTimeIsOver() {
        ConversationLinks.IssuedLink issued = issue();
        database.run(() -> links.leadsThrough(issued.link().id(), "invitation-1"));

        assertThat(byHandle(issued.handle())).isPresent();
        assertThat(byHandle(new Secret("guess"))).isEmpty();
        assertThat(database.in(() -> links.findByInvitation("invitation-1"))).isPresent();
        clock.advance(HOUR);
        assertThat(byHandle(issued.handle())).isEmpty();
        assertThat(database.in(() -> links.findByInvitation("invitation-1"))).isEmpty();
    }

    @Test
    void linksThatAreOverAreCleanedAwayWithTheNext() {
        issue();
        clock.advance(HOUR);

        issue();

        assertThat(database.sql("SELECT id FROM conversation_link")).hasSize(1);
    }

    @Test
    void aHandleWorksOnceHoweverManyComeBackWithIt() {
        ConversationLinks.IssuedLink issued = issue();

        List<Receipt> receipts =
                database.together(4, () -> links.receive(issued.handle(), Channel.WEB, HOUR, new Secret("code"), null));

        assertThat(receipts).filteredOn(Receipt.LinkUsed.class::isInstance).hasSize(1);
        assertThat(receipts).filteredOn(Receipt.LinkOver.class::isInstance).hasSize(3);
        assertThat(claim(issued.link().conversation())).isInstanceOf(Claim.Claimed.class);
        assertThat(byHandle(issued.handle()).orElseThrow().link().ending()).isEqualTo(LinkEnd.CODE_RECEIVED);
    }

    @Test
    void aHandleOfAnotherChannelOrTooOldIsNotUsed() {
        ConversationLinks.IssuedLink issued = issue();

        assertThat(receive(issued.handle(), Channel.APPLE, HOUR)).isInstanceOf(Receipt.LinkOver.class);
        clock.advance(Duration.ofMinutes(10));
        assertThat(receive(issued.handle(), Channel.WEB, Duration.ofMinutes(10)))
                .isInstanceOf(Receipt.LinkOver.class);
        assertThat(receive(new Secret("guess"), Channel.WEB, HOUR)).isInstanceOf(Receipt.LinkUnknown.class);
        assertThat(receive(issued.handle(), Channel.WEB, HOUR)).isInstanceOf(Receipt.LinkUsed.class);
    }

    @Test
    void anEndingGivesANewHandleAndTheOldOneIsDead() {
        ConversationLinks.IssuedLink issued = issue();

        Secret closing = database.in(() -> links.ends(issued.link().id(), LinkEnd.LINKED, new GrantId("grant-1")));

        assertThat(byHandle(issued.handle())).isEmpty();
        assertThat(byHandle(closing).orElseThrow().link().ending()).isEqualTo(LinkEnd.LINKED);
    }

    @Test
    void aCodeOfOursWorksOnceAndForItsChatUserOnly() {
        Secret code = handOut();

        assertThat(redeem(code, "another user")).isEmpty();
        assertThat(redeem(new Secret("guess"), "psid-1")).isEmpty();
        List<Optional<ConversationLinks.Found>> redeemed = database.together(4, () -> links.redeemCode(code, "psid-1"));
        assertThat(redeemed.stream().flatMap(Optional::stream))
                .extracting(found -> found.link().grantId())
                .containsExactly(new GrantId("grant-1"));
        assertThat(redeem(code, "psid-1")).isEmpty();
    }

    @Test
    void aCodeOfOursIsGoodForTenMinutes() {
        clock.advance(Duration.ofMinutes(59));
        Secret late = handOut();
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(redeem(late, "psid-1")).isPresent();
        Secret tooLate = handOut();

        clock.advance(Duration.ofMinutes(10));

        assertThat(redeem(tooLate, "psid-1")).isEmpty();
    }

    @Test
    void isKnownToTheWebhookThatProvedIt() {
        Conversation conversation =
                open(new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.FACEBOOK, "psid-1"), "alice");
        database.run(
                () -> conversations.linkTo(conversation.id(), new GrantId("grant-1"), new ConnectorId("facebook-app")));
        open(new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.FACEBOOK, "psid-2"), "bob");
        open(new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.WEB, "psid-1"), "alice");

        assertThat(linkedBy("facebook-app", "psid-1")).containsExactly(conversation.id());
        assertThat(linkedBy("wallet", "psid-1")).containsExactly(conversation.id());
        assertThat(linkedBy("another-app", "psid-1")).isEmpty();
        assertThat(linkedBy("facebook-app", "psid-2")).isEmpty();
    }

    private List<String> linkedBy(String notifier, String psid) {
        return database.in(() -> conversations.findLinkedBy(new ConnectorId(notifier), psid)).stream()
                .map(Conversation::id)
                .toList();
    }

    private Secret handOut() {
        Conversation conversation =
                open(new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.FACEBOOK, "psid-1"), "alice");
        ConversationLinks.IssuedLink issued = database.in(() -> links.issue(conversation, null, null, HOUR));
        database.run(() -> links.ends(issued.link().id(), LinkEnd.LINKED, new GrantId("grant-1")));
        return database.in(() -> links.handOutCode(issued.link().id()));
    }

    private Conversation open(String subject) {
        return open(KEY, subject);
    }

    private Conversation open(Conversation.ConversationKey key, String subject) {
        return database.in(() -> conversations.open(key, new Subject(subject)));
    }

    private Conversation found() {
        return database.in(() -> conversations.find(KEY).orElseThrow());
    }

    private String keep(String code, @Nullable Secret verifier, @Nullable URI redirectUri) {
        String id = open("alice").id();
        database.run(() -> conversations.keepCode(id, new Secret(code), verifier, redirectUri));
        return id;
    }

    private Claim claim(String id) {
        return database.in(() -> conversations.claim(id));
    }

    private Optional<Grant> store(String id, Optional<ConfirmationCode> code) {
        var token = new TokenResponse(new Secret("t"), "Bearer", null, null, Scopes.NONE, null);
        var received = new ReceivedTokens(
                new ConnectorId("wallet"),
                new Subject("alice"),
                new Account("a-1", "Alice", null),
                Scopes.NONE,
                token,
                List.of());
        return database.in(() -> conversations.store(id, received, code));
    }

    private List<String> parts() {
        return conversations.parts(found());
    }

    private ConversationLinks.IssuedLink issue() {
        Conversation conversation = open("alice");
        return database.in(() -> links.issue(conversation, "https://chat.example/room", null, HOUR));
    }

    private Optional<ConversationLinks.Found> byHandle(Secret handle) {
        return database.in(() -> links.find(handle));
    }

    private Receipt receive(Secret handle, Channel channel, Duration within) {
        return database.in(() -> links.receive(handle, channel, within, null, null));
    }

    private Optional<ConversationLinks.Found> redeem(Secret code, String psid) {
        return database.in(() -> links.redeemCode(code, psid));
    }
}
