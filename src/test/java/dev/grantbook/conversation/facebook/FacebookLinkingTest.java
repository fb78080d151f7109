package dev.grantbook.conversation.facebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.conversation.Channel;
import dev.grantbook.conversation.Conversation;
import dev.grantbook.conversation.ConversationLink.LinkEnd;
import dev.grantbook.conversation.ConversationLinks;
import dev.grantbook.conversation.Conversations;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What Messenger's webhook proves: the grant waits for the right code from the right user. */
@OnDatabases(h2 = false)
class FacebookLinkingTest {

    private static final String ALICE = "psid-alice";
    private static final String APP = "facebook-app";
    private static final Duration TIME = Duration.ofMinutes(10);

    @RegisterExtension
    final Configuration configuration = new Configuration();

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
    GrantHistory history;

    @Inject
    Conversations conversations;

    @Inject
    ConversationLinks links;

    @Inject
    FacebookLinking linking;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
    }

    @Test
    void confirmsTheGrantOfTheUserWhoseCodeItIs() {
        Grant grant = granted();
        Secret code = handedOut(grant);

        linked(ALICE, code);

        assertThat(status(grant)).isEqualTo(GrantStatus.ACTIVE);
        assertThat(database.in(() -> history.of(grant.id())))
                .extracting(GrantEvent::kind, GrantEvent::actor)
                .contains(tuple(GrantEvent.GrantEventKind.CONFIRMED, "facebook"));
        assertThat(conversation().grantId()).isEqualTo(grant.id());
        assertThat(database.in(() -> conversations.findLinkedBy(new ConnectorId(APP), ALICE)))
                .hasSize(1);
    }

    @Test
    void takesNoCodeOfAnotherUser() {
        Grant grant = granted();
        Secret code = handedOut(grant);

        linked("psid-mallory", code);

        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
        linked(ALICE, code);
        assertThat(status(grant)).as("it was not used up").isEqualTo(GrantStatus.ACTIVE);
    }

    @Test
    void takesNoCodeThatIsMadeUp() {
        Grant grant = granted();
        handedOut(grant);

        linked(ALICE, new Secret("guess"));

        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
    }

    @Test
    void takesACodeOnce() {
        Grant grant = granted();
        Secret code = handedOut(grant);
        linked(ALICE, code);
        database.tamper("UPDATE user_grant SET status = 'UNCONFIRMED', confirm_by = TIMESTAMP '2099-01-01 00:00:00'");

        linked(ALICE, code);

        assertThat(status(grant)).isEqualTo(GrantStatus.UNCONFIRMED);
    }

    @Test
    void comesTooLateWhenTheTokensAreDestroyed() {
        Grant grant = granted();
        Secret code = handedOut(grant);
        clock.advance(TIME);

        linked(ALICE, code);

        assertThat(status(grant)).isEqualTo(GrantStatus.REVOKED);
        assertThat(conversation().grantId()).isNull();
    }

    private void linked(String psid, Secret code) {
        database.run(() -> linking.link(new ConnectorId(APP), psid, code));
    }

    private Grant granted() {
        var token = new TokenResponse(new Secret("t"), "Bearer", null, null, Scopes.of("A"), null);
        var received = new ReceivedTokens(
                new ConnectorId("wallet"),
                new Subject("alice"),
                new Account("a-1", "Alice", null),
                Scopes.of("A"),
                token,
                List.of());
        return database.in(
                () -> issuing.record(received, "user", clock.instant().plus(TIME), null));
    }

    private Secret handedOut(Grant grant) {
        Conversation conversation = database.in(() -> conversations.open(
                new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.FACEBOOK, ALICE),
                new Subject("alice")));
        ConversationLinks.IssuedLink issued =
                database.in(() -> links.issue(conversation, null, null, Duration.ofHours(1)));
        database.run(() -> links.ends(issued.link().id(), LinkEnd.LINKED, grant.id()));
        return database.in(() -> links.handOutCode(issued.link().id()));
    }

    private GrantStatus status(Grant grant) {
        return database.in(() -> grants.find(grant.id()).orElseThrow()).status(clock.instant());
    }

    private Conversation conversation() {
        return database.in(() -> conversations
                .find(new Conversation.ConversationKey(new ConnectorId("wallet"), Channel.FACEBOOK, ALICE))
                .orElseThrow());
    }
}
