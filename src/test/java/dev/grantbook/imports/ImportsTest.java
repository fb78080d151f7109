package dev.grantbook.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
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
import dev.grantbook.imports.ImportItem.ImportItemState;
import dev.grantbook.imports.ImportItem.RequestedItem;
import dev.grantbook.imports.ImportItem.Trouble;
import dev.grantbook.imports.Imports.Progress;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.platform.persistence.WithoutPauses;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.token.Issuer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What holds for tokens from elsewhere, in every database. */
@OnDatabases
@ExtendWith(WithoutPauses.class)
class ImportsTest {

    private static final Scopes SAID = Scopes.of("PROFILE:READ", "ASSETS:READ");
    private static final ProbeResult ALIVE = new ProbeResult(null, null);
    private static final String ACTOR = "api-key:mover";

    /** Half a minute, and a fifth of it by chance. */
    private static final Duration LONGEST_FIRST_PAUSE = Duration.ofSeconds(36);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TestBean
    final Issuer issuer = new Issuer();

    @TestBean
    final ProviderApi api = new ProviderApi() {
        @Override
        public ProbeResult probe(ClientRegistration client, Secret accessToken) {
            asked.add(accessToken.value());
            if (away || (awayAfterwards && !accessToken.value().startsWith("dead"))) {
                throw new ProviderException(ProviderException.FailureKind.UNREACHABLE, "as the test wants");
            }
            if (limiting) {
                return new ProbeResult(new ApiFailure(Meaning.RATE_LIMITED, Scopes.NONE), null);
            }
            return accessToken.value().startsWith("dead")
                    ? new ProbeResult(new ApiFailure(Meaning.DEAD, Scopes.NONE), null)
                    : answer;
        }

        @Override
        public Optional<Account> account(ClientRegistration client, Secret accessToken) {
            if (accessToken.value().startsWith("odd")) {
                throw new IllegalStateException("as the test wants");
            }
            if (limitingAfterwards) {
                throw new ProviderException(ProviderException.FailureKind.UNREACHABLE, "asked too often");
            }
            return Optional.of(new Account("account-of-" + accessToken.value(), null, null));
        }

        @Override
        public List<ProviderToken> listProviderTokens(ClientRegistration client, Secret accessToken) {
            return List.of();
        }
    };

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
    GrantHistory history;

    @Inject
    FailingImports imports;

    @Inject
    ProviderCatalogue catalogue;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private ProbeResult answer = ALIVE;
    private boolean away;
    private boolean awayAfterwards;
    private boolean limiting;
    private boolean limitingAfterwards;
    private String definition = TestConnectors.LEDGER_BOT;

    @Parameter
    Database database;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1)");
    }

    @Test
    void aTokenThatLivesBecomesAGrantOfItsOwnAccount() {
        String id = add(item("alice", "good-1").build());
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.WAITING, 1L));

        importer().round();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L));
        Grant grant = grant("alice").orElseThrow();
        assertThat(grant.accountId()).isEqualTo("account-of-good-1");
        assertThat(grant.status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        assertThat(grant.granted()).isEqualTo(SAID);
        assertThat(token(grant)).isEqualTo("good-1");
        assertThat(history(grant)).extracting(GrantEvent::kind).containsExactly(GrantEventKind.IMPORTED);
        assertThat(history(grant)).extracting(GrantEvent::actor).containsExactly(ACTOR);
    }

    @Test
    void tokensAreSealedFromTheFirstMomentAndGoneInTheEnd() {
        add(item("alice", "good-1").refresh("refresh-0").build());
        List<List<String>> kept = database.sql("SELECT access_token, refresh_token FROM import_item");
        assertThat(kept.get(0)).doesNotContainNull();
        assertThat(kept.toString()).doesNotContain("good-1", "refresh-0");

        importer().round();

        assertThat(database.sql(
                        "SELECT COUNT(*) FROM import_item WHERE access_token IS NULL AND refresh_token IS NULL"))
                .containsExactly(List.of("1"));
    }

    @Test
    void aDeadTokenIsNoGrant() {
        String id = add(item("alice", "dead-1").build(), item("bob", "good-2").build());

        importer().round();

        assertThat(troubles(id)).containsExactly(Trouble.DEAD);
        assertThat(grant("alice")).isEmpty();
        assertThat(grant("bob")).isPresent();
    }

    @Test
    void aDeadTokenIsReplacedWithItsRefreshTokenOnce() {
        add(item("alice", "dead-1").refresh("refresh-0").build());

        importer().round();

        assertThat(token(grant("alice").orElseThrow())).isEqualTo("access-1");
        assertThat(issuer.shown()).containsExactly("refresh-0");
    }

    @Test
    void aTokenThatHasEndedIsNotEvenShown() {
        add(item("alice", "good-1")
                .refresh("refresh-0")
                .ends(clock.instant().minusSeconds(1))
                .build());

        importer().round();

        assertThat(token(grant("alice").orElseThrow())).isEqualTo("access-1");
        assertThat(asked).doesNotContain("good-1");
    }

    @Test
    void whatTookThePlaceOfATokenIsKeptAlthoughTheProviderGoesAway() {
        add(item("alice", "dead-1").refresh("refresh-0").build());
        Importer importer = importer();
        awayAfterwards = true;

        importer.round();
        assertThat(grant("alice")).isEmpty();
        awayAfterwards = false;
        clock.advance(LONGEST_FIRST_PAUSE);
        importer.round();

        assertThat(token(grant("alice").orElseThrow())).isEqualTo("access-1");
        assertThat(issuer.shown()).as("the refresh token works once").hasSize(1);
    }

    @Test
    void whatTookThePlaceOfATokenIsKeptAlthoughTheProviderWantsToSayNoMore() {
        String id = add(item("alice", "dead-1").refresh("refresh-0").build());
        limitingAfterwards = true;

        importer().round();
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.WAITING, 1L));
        clock.advance(LONGEST_FIRST_PAUSE);
        ImportItem waiting = imports.take("mixin").orElseThrow();
        assertThat(imports.open(waiting))
                .isEqualTo(new Imports.ImportedTokens(new Secret("access-1"), new Secret("refresh-1")));
        imports.postpone(waiting);

        limitingAfterwards = false;
        clock.advance(Duration.ofMinutes(1));
        importer().round();

        assertThat(token(grant("alice").orElseThrow())).isEqualTo("access-1");
        assertThat(issuer.shown()).containsExactly("refresh-0");
    }

    @Test
    void aMomentWithoutADatabaseDoesNotLoseWhatTookThePlaceOfAToken() {
        add(item("alice", "dead-1").refresh("refresh-0").build());
        imports.failReplacing(2);

        importer().round();

        assertThat(token(grant("alice").orElseThrow())).isEqualTo("access-1");
        assertThat(issuer.shown()).containsExactly("refresh-0");
    }

    @Test
    void whatIsSentTwiceIsShownOnce() {
        String first = add(item("alice", "dead-1").refresh("refresh-0").build());
        clock.advance(Duration.ofSeconds(1));
        String again = add(item("alice", "dead-1").refresh("refresh-0").build());
        Importer importer = importer();
        awayAfterwards = true;
        importer.round();
        importer.round();
        assertThat(issuer.shown()).containsExactly("refresh-0");

        awayAfterwards = false;
        clock.advance(LONGEST_FIRST_PAUSE);
        importer.round();

        assertThat(progress(first).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L));
        assertThat(troubles(again)).containsExactly(Trouble.ALREADY_GRANTED);
        assertThat(issuer.shown()).containsExactly("refresh-0");
    }

    @Test
    void anItemThatCannotBeStoredKeepsNobodyWaiting() {
        String id = add(
                item("alice", "dead-1").refresh("refresh-0").build(),
                item("bob", "good-2").build());
        imports.failReplacing(100);

        importer().round();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L, ImportItemState.WAITING, 1L));
    }

    @Test
    void whatTheProviderSaysIsGrantedGoesBeforeWhatTheBotSays() {
        answer = new ProbeResult(null, Scopes.of("PROFILE:READ"));
        add(item("alice", "good-1").build());

        importer().round();

        assertThat(grant("alice").orElseThrow().granted()).isEqualTo(Scopes.of("PROFILE:READ"));
    }

    @Test
    void nothingIsTakenForGrantedThatNobodySaid() {
        add(item("alice", "good-1").scopes(Scopes.NONE).build());

        importer().round();

        assertThat(grant("alice").orElseThrow().granted()).isEqualTo(Scopes.NONE);
    }

    @Test
    void aGrantThatIsAliveStaysAsItIs() {
        granted("alice", "of-her-own");
        String id = add(item("alice", "good-1").build());

        importer().round();

        assertThat(troubles(id)).containsExactly(Trouble.ALREADY_GRANTED);
        assertThat(token(grant("alice").orElseThrow())).isEqualTo("of-her-own");
        assertThat(asked).as("nobody needs to know").isEmpty();
    }

    @Test
    void aGrantThatIsMadeWhileTheProviderIsAskedStaysAsItIs() {
        String id = add(item("alice", "good-1").build());
        ImportItem taken = imports.take("mixin").orElseThrow();
        granted("alice", "of-her-own");

        imports.settle(taken, received("alice", "good-1"));

        assertThat(troubles(id)).containsExactly(Trouble.ALREADY_GRANTED);
        assertThat(token(grant("alice").orElseThrow())).isEqualTo("of-her-own");
    }

    @Test
    void anotherAccountThanTheExpectedOneIsNoGrant() {
        String named = add(item("alice", "good-1").account("somebody").build());
        importer().round();
        assertThat(troubles(named)).containsExactly(Trouble.WRONG_ACCOUNT);

        definition = definition.replaceFirst("\\{", "{\"confirmation\": \"subject\", ");
        String itself = add(
                item("account-of-good-2", "good-2").build(),
                item("bob", "good-3").build());
        importer().round();
        assertThat(progress(itself).counts())
                .isEqualTo(Map.of(ImportItemState.IMPORTED, 1L, ImportItemState.FAILED, 1L));
        assertThat(grant("bob")).isEmpty();
    }

    @Test
    void aConnectorThatIsGoneTakesNothing() {
        String id = add(item("alice", "good-1").build());
        definition = "";

        importer().round();

        assertThat(troubles(id)).containsExactly(Trouble.NO_CONNECTOR);
    }

    @Test
    void aProviderThatIsAwayIsAskedOncePerRoundAndGivenUpAfterADay() {
        String id = add(item("alice", "good-1").build(), item("bob", "good-2").build());
        away = true;
        Importer importer = importer();

        importer.round();
        assertThat(asked).hasSize(1);
        for (int hour = 0; hour < 26; hour++) {
            clock.advance(Duration.ofHours(1));
            importer.round();
            importer.round();
        }

        assertThat(troubles(id)).containsExactly(Trouble.UNREACHABLE, Trouble.UNREACHABLE);
        assertThat(database.sql("SELECT COUNT(*) FROM import_item WHERE access_token IS NOT NULL"))
                .containsExactly(List.of("0"));
    }

    @Test
    void aTokenThatNobodyCanOpenKeepsNobodyWaiting() {
        String id = add(item("alice", "good-1").build(), item("bob", "good-2").build());
        database.tamper("UPDATE import_item SET access_token = 'changed' WHERE subject = 'alice'");

        importer().round();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L, ImportItemState.WAITING, 1L));
        assertThat(grant("bob")).isPresent();
    }

    @Test
    void anAnswerThatNobodyThoughtOfKeepsNobodyWaiting() {
        String id = add(item("alice", "odd-1").build(), item("bob", "good-2").build());

        importer().round();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L, ImportItemState.WAITING, 1L));
        assertThat(grant("bob")).isPresent();
    }

    @Test
    void aProviderWhoseItemsCannotBeTakenKeepsNoOtherWaiting() {
        String id = add(item("alice", "good-1").build(), item("bob", "good-2").build());
        imports.stickAt("a-provider-that-is-stuck");
        database.tamper("UPDATE import_item SET provider = 'a-provider-that-is-stuck' WHERE subject = 'alice'");

        importer().round();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L, ImportItemState.WAITING, 1L));
    }

    @Test
    void aProviderThatWantsLessIsAskedLater() {
        String id = add(item("alice", "good-1").build());
        limiting = true;
        importer().round();
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.WAITING, 1L));

        limiting = false;
        clock.advance(LONGEST_FIRST_PAUSE);
        importer().round();
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L));
    }

    @Test
    void aRoundAsksAboutAFewOnly() {
        configuration.with("grantbook.import.per-round", "2");
        String id = add(
                item("alice", "good-1").build(),
                item("bob", "good-2").build(),
                item("carol", "good-3").build());

        importer().round();
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 2L, ImportItemState.WAITING, 1L));
        importer().round();
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 3L));
    }

    @Test
    void anItemWhoseNodeWasKilledIsDoneByAnother() {
        String id = add(item("alice", "good-1").build());
        assertThat(imports.take("mixin")).isPresent();

        importer().round();
        assertThat(progress(id).counts())
                .as("its node may still be at it")
                .isEqualTo(Map.of(ImportItemState.WAITING, 1L));
        clock.advance(Duration.ofMinutes(2));
        importer().round();
        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L));
    }

    @Test
    void aNodeThatWasTooSlowChangesNothingAnyMore() {
        String id = add(item("alice", "good-1").build());
        ImportItem slow = imports.take("mixin").orElseThrow();
        clock.advance(Duration.ofMinutes(2));
        ImportItem quick = imports.take("mixin").orElseThrow();

        imports.fail(slow, Trouble.DEAD);
        imports.settle(slow, received("alice", "good-1"));
        assertThat(grant("alice")).isEmpty();
        imports.settle(quick, received("alice", "good-1"));

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 1L));
        imports.settle(quick, received("alice", "good-1"));
        assertThat(history(grant("alice").orElseThrow())).hasSize(1);
    }

    @Test
    void manyNodesDoEachItemOnce() {
        configuration.with("grantbook.import.per-round", "100");
        var items = new ArrayList<RequestedItem>();
        for (int i = 0; i < 30; i++) {
            items.add(item("subject-" + i, "good-" + i).build());
        }
        String id = add(items.toArray(RequestedItem[]::new));

        database.together(5, () -> {
            importer().round();
            return true;
        });
        importer().round();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.IMPORTED, 30L));
        assertThat(asked).doesNotHaveDuplicates();
        assertThat(database.sql("SELECT COUNT(*) FROM grant_event WHERE kind = 'IMPORTED'"))
                .containsExactly(List.of("30"));
    }

    @Test
    void oldImportsAreDropped() {
        String id = add(item("alice", "good-1").build());
        importer().round();
        clock.advance(Duration.ofDays(30));
        imports.sweep();
        assertThat(database.sql("SELECT id FROM import")).containsExactly(List.of(id));

        clock.advance(Duration.ofMillis(1));
        imports.sweep();
        assertThat(database.sql("SELECT id FROM import")).isEmpty();
        assertThat(database.sql("SELECT id FROM import_item")).isEmpty();
    }

    @Test
    void anImportIsKeptForAsLongAsOneOfItsItemsWaits() {
        configuration.with("grantbook.import.keep", "PT1H");
        String id = add(item("alice", "good-1").build(), item("bob", "good-2").build());
        imports.fail(imports.take("mixin").orElseThrow(), Trouble.DEAD);
        clock.advance(Duration.ofHours(2));

        imports.sweep();

        assertThat(progress(id).counts()).isEqualTo(Map.of(ImportItemState.WAITING, 1L, ImportItemState.FAILED, 1L));
    }

    /** One line of a request. */
    private static final class Line {

        private final String subject;
        private final String token;
        private @Nullable String account;
        private @Nullable String refresh;
        private @Nullable Instant end;
        private Scopes scopes = SAID;

        Line(String subject, String token) {
            this.subject = subject;
            this.token = token;
        }

        Line account(String id) {
            account = id;
            return this;
        }

        Line refresh(String value) {
            refresh = value;
            return this;
        }

        Line ends(Instant when) {
            end = when;
            return this;
        }

        Line scopes(Scopes said) {
            scopes = said;
            return this;
        }

        RequestedItem build() {
            return new RequestedItem(
                    new ConnectorId("ledger-bot"),
                    "mixin",
                    new Subject(subject),
                    account,
                    new Secret(token),
                    refresh == null ? null : new Secret(refresh),
                    end,
                    scopes);
        }
    }

    private static Line item(String subject, String token) {
        return new Line(subject, token);
    }

    private String add(RequestedItem... items) {
        return imports.add(List.of(items), ACTOR).id();
    }

    private Progress progress(String id) {
        return imports.progress(id).orElseThrow();
    }

    private List<Trouble> troubles(String id) {
        return progress(id).failed().stream().map(ImportItem::trouble).toList();
    }

    private ReceivedTokens received(String subject, String token) {
        return new ReceivedTokens(
                new ConnectorId("ledger-bot"),
                new Subject(subject),
                new Account("account-of-" + token, null, null),
                SAID,
                new TokenResponse(new Secret(token), "Bearer", null, null, SAID, null),
                List.of());
    }

    private void granted(String subject, String token) {
        issuing.record(received(subject, token), "user", null, null);
    }

    private Optional<Grant> grant(String subject) {
        return grants.find(new ConnectorId("ledger-bot"), new Subject(subject), null);
    }

    private String token(Grant grant) {
        return grants.accessToken(grant).orElseThrow().value();
    }

    private List<GrantEvent> history(Grant grant) {
        return history.of(grant.id());
    }

    private Importer importer() {
        Importer importer = Beans.another(Importer.class);
        importer.imports = imports;
        return importer;
    }

    private Connectors connectors() {
        return new Connectors() {
            @Override
            public Optional<Connector> find(ConnectorId id) {
                return definition.isEmpty()
                        ? Optional.empty()
                        : Optional.of(TestConnectors.of(
                                definition, catalogue.find("mixin").orElseThrow()));
            }

            @Override
            public ClientRegistration registration(Connector connector) {
                return TestProviders.bot(connector.provider());
            }
        };
    }
}
