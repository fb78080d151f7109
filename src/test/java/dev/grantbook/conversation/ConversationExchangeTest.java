package dev.grantbook.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.access.AccessDecision;
import dev.grantbook.access.AccessDecisions;
import dev.grantbook.access.AccessQuestion;
import dev.grantbook.apikey.AnonymousBudget;
import dev.grantbook.authorization.TestCodeExchange;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.conversation.apple.AppleLinking;
import dev.grantbook.conversation.web.ConverseRedirect;
import dev.grantbook.conversation.web.WebLinking;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.invitation.Invitation;
import dev.grantbook.oauth.AuthorizationResponse;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.persistence.WithoutPauses;
import dev.grantbook.platform.problem.Problem.ProblemException;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.InjectedField;
import dev.grantbook.testing.TestClock;
import jakarta.persistence.PersistenceException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of codes that arrive in conversations, when something is wrong. */
@ExtendWith(WithoutPauses.class)
class ConversationExchangeTest {

    private static final String ISSUER = "https://sso.example";

    @RegisterExtension
    final Configuration configuration = new Configuration().with("grantbook.public-url", "https://grantbook.example");

    private final TestClock clock = new TestClock();
    private final List<String> discarded = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> waits = new ArrayList<>();
    private boolean erased;
    private int spent;

    @Test
    @DisplayName("5.2 A token that a conversation's code was worth and that cannot be stored is given up")
    void aTokenThatCannotBeStoredIsGivenUp() {
        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> exchange("none"));

        assertThat(discarded).containsExactly("live");
        assertThat(waits).containsOnly("null ");
    }

    @Test
    @DisplayName("10.A2 A token whose conversation was erased meanwhile is discarded")
    void aTokenWhoseConversationWasErasedIsDiscarded() {
        erased = true;

        assertThat(exchange("none")).isEqualTo(new Next.AskUser(Next.LinkReason.NOT_LINKED, Scopes.NONE));

        assertThat(discarded).containsExactly("live");
        assertThat(waits).isEmpty();
    }

    @Test
    @DisplayName(
            "4.14 What a code in a conversation is worth waits for its chat user where the connector demands a code")
    void whatACodeIsWorthWaitsForItsChatUser() {
        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> exchange("code"));

        String shown = ConfirmationCode.of(new Secret("code"), "conversation-1").shown();
        assertThat(waits).containsOnly(clock.instant().plus(Duration.ofMinutes(10)) + " " + shown);
    }

    private Next exchange(String confirmation) {
        Connector connector = TestConnectors.of(
                TestConnectors.LEDGER_BOT.replaceFirst("\\{", "{\"confirmation\": \"" + confirmation + "\", "),
                TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow());
        Instant until = clock.instant().plusSeconds(60);
        var conversation = new Conversation(
                "conversation-1",
                new Conversation.ConversationKey(new ConnectorId("ledger-bot"), Channel.WEB, "session"),
                new Subject("alice"),
                clock.instant());
        var flow = new ConversationFlow();
        flow.conversations = new Conversations() {
            @Override
            public Conversation open(Conversation.ConversationKey key, Subject subject) {
                return conversation;
            }

            @Override
            Claim claim(String id) {
                return new Claim.Claimed(new Code(new Secret("code"), null, null, until));
            }

            @Override
            Conversation lock(String id) {
                return conversation;
            }

            @Override
            Optional<Grant> store(String id, ReceivedTokens received, Optional<ConfirmationCode> code) {
                return erased ? Optional.empty() : super.store(id, received, code);
            }
        };
        flow.conversations.clock = clock;
        flow.conversations.issuing = new GrantIssuing() {
            @Override
            public Grant record(
                    ReceivedTokens received,
                    String actor,
                    @Nullable Instant confirmBy,
                    @Nullable ConfirmationCode code) {
                waits.add(confirmBy + " " + (code == null ? "" : code.shown()));
                throw new PersistenceException("the database is away");
            }
        };
        flow.delivered = new DeliveredTokens();
        flow.delivered.conversations = flow.conversations;
        flow.decisions = new AccessDecisions() {
            @Override
            public AccessDecision decide(AccessQuestion asked) {
                return new AccessDecision.NotAuthorized(asked);
            }
        };
        flow.exchange = TestCodeExchange.of(() -> TestCodeExchange.reply("live"), discarded);
        flow.clock = clock;
        var question = new Next.Question(
                connector,
                Channel.WEB,
                "session",
                new Invitation.Request(
                        new ConnectorId("ledger-bot"),
                        new Subject("alice"),
                        null,
                        List.of(),
                        Scopes.NONE,
                        null,
                        null,
                        null));

        return flow.next(question);
    }

    @ParameterizedTest(name = "iss {0}: {1}")
    @DisplayName("5.2 Apple's callback demands the iss that the server promised, wherever it promised it")
    @CsvSource({
        "https://sso.example, code_received",
        "https://other.example, not_linked",
        ", not_linked",
    })
    void applesCallbackDemandsTheIssuerThatTheServerPromised(@Nullable String issuer, String ending) {
        URI page = linking(true)
                .complete(new ConnectorId("company"), granted(issuer))
                .page();

        assertThat(page).isEqualTo(URI.create("https://grantbook.example/linked/" + ending));
        assertThat(kept).hasSize(ending.equals("code_received") ? 1 : 0);
    }

    @Test
    @DisplayName("5.2 Apple's callback keeps no code while the server cannot say what it promised")
    void applesCallbackKeepsNoCodeWhileTheServerIsAway() {
        assertThat(linking(false)
                        .complete(new ConnectorId("company"), granted(ISSUER))
                        .page())
                .hasPath("/linked/not_linked");
        assertThat(kept).isEmpty();
    }

    @Test
    @DisplayName("4.3 What comes to Apple's callback and fits nothing counts, and what fits does not")
    void whatFitsNothingAtApplesCallbackCounts() {
        AppleLinking linking = linking(true);
        InjectedField.set(linking, "anonymous", counting());

        linking.complete(new ConnectorId("company"), granted(ISSUER));
        assertThat(spent).isZero();

        InjectedField.set(linking, "links", noLinks());
        URI page = linking.complete(new ConnectorId("company"), granted(ISSUER)).page();
        assertThat(page).hasPath("/outcome/unknown");
        assertThat(spent).isOne();
        linking.complete(
                new ConnectorId("company"),
                new AuthorizationResponse.Denied(new Secret("state"), null, new OAuthError("denied", null)));
        assertThat(spent).isEqualTo(2);
        linking.complete(new ConnectorId("company"), new AuthorizationResponse.Invalid("two states"));
        assertThat(spent).isEqualTo(3);
    }

    @Test
    @DisplayName("4.3 A code for a link that nobody handed out counts")
    void aCodeForALinkThatNobodyHandedOutCounts() {
        var linking = new WebLinking();
        InjectedField.set(linking, "settings", configuration.settings());
        InjectedField.set(linking, "links", noLinks());
        InjectedField.set(linking, "anonymous", counting());

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(
                        () -> linking.goOn(new ConverseRedirect("https://grantbook.example/linked/guessed", "code")))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
        assertThat(spent).isOne();
    }

    private AnonymousBudget counting() {
        return new AnonymousBudget() {
            @Override
            public void spend() {
                spent++;
            }
        };
    }

    private static ConversationLinks noLinks() {
        return new ConversationLinks() {
            @Override
            public Optional<Found> find(Secret handle) {
                return Optional.empty();
            }

            @Override
            public Receipt receive(
                    Secret handle, Channel channel, Duration within, @Nullable Secret code, @Nullable URI redirectUri) {
                return new Receipt.LinkUnknown();
            }
        };
    }

    private static AuthorizationResponse granted(@Nullable String issuer) {
        return new AuthorizationResponse.Granted(new Secret("state"), issuer, new Secret("code"));
    }

    /** Its closing pages are called as the link ended. */
    private AppleLinking linking(boolean found) {
        Connector company = TestConnectors.of(
                "company",
                "{\"provider\": \"oidc\", \"client-id\": \"bot-1\", \"issuer\": \"" + ISSUER + "\"}",
                TestProviders.catalogue(configuration.settings()).find("oidc").orElseThrow());
        var conversation = new Conversation(
                "conversation-1",
                new Conversation.ConversationKey(new ConnectorId("company"), Channel.APPLE, "session"),
                new Subject("alice"),
                clock.instant());
        Instant now = clock.instant();
        var link = new ConversationLinks.Found(
                new ConversationLink("link-1", conversation, null, null, now, now.plusSeconds(60)), conversation);
        var linking = new AppleLinking();
        var connectors = new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return Optional.of(company);
            }

            @Override
            public void doubt(Connector connector) {
                // Nothing is remembered here.
            }

            @Override
            public ClientRegistration registration(Connector connector) {
                if (!found) {
                    throw new ProviderException(ProviderException.FailureKind.UNREACHABLE, "the server is away");
                }
                // As the server's own metadata completes it.
                return TestProviders.bot(connector.provider().withIssuer(ISSUER, true));
            }
        };
        InjectedField.set(linking, "connectors", connectors);
        InjectedField.set(linking, "links", new ConversationLinks() {
            @Override
            public Optional<Found> find(Secret handle) {
                return Optional.of(link);
            }

            @Override
            public Receipt receive(
                    Secret handle, Channel channel, Duration within, @Nullable Secret code, @Nullable URI redirectUri) {
                if (code != null) {
                    kept.add(code.value());
                }
                return new Receipt.LinkUsed(link, new Secret(code == null ? "not_linked" : "code_received"));
            }
        });
        InjectedField.set(linking, "exchange", TestCodeExchange.asking(connectors));
        InjectedField.set(linking, "settings", configuration.settings());
        return linking;
    }
}
