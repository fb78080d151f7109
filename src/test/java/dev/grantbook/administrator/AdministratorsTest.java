package dev.grantbook.administrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.administrator.AdministrationRefused.RefusalReason;
import dev.grantbook.apikey.ApiKey;
import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.apikey.ApiKeys.Declared;
import dev.grantbook.apikey.ClientAddress;
import dev.grantbook.apikey.Permission;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What holds for API keys and administrators in every database. */
@OnDatabases
class AdministratorsTest {

    private static final Secret KEY = new Secret("gb_1");
    private static final Declared BOT = new Declared(
            KEY.hash(), Set.of(Permission.STATUS), List.of(new ConnectorId("wallet"), new ConnectorId("diary")));

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TestBean
    final PlainPasswords passwords = new PlainPasswords();

    private String address = "192.0.2.1";

    @Parameter
    Database database;

    @Inject
    TestClock clock;

    @Inject
    ApiKeys keys;

    @Inject
    Administrators administrators;

    @Inject
    SignIn signIn;

    @Inject
    ConsoleSessions sessions;

    @Inject
    AuditTrail trail;

    @BeforeEach
    void setUp() {
        database.clear();
    }

    @Test
    void aDeclaredKeyIsKnown() {
        keys.declare(Map.of("bot", BOT));

        ApiKey found = keys.find(KEY).orElseThrow();

        assertThat(found.name()).isEqualTo("bot");
        assertThat(found.permissions()).containsExactly(Permission.STATUS);
        assertThat(found.connectors()).containsExactlyInAnyOrder(new ConnectorId("wallet"), new ConnectorId("diary"));
        assertThat(keys.find(new Secret("gb_2"))).isEmpty();
        assertThat(keys.find(new Secret(KEY.hash()))).isEmpty();
        assertThat(database.sql("SELECT * FROM api_key").toString()).doesNotContain("gb_1");
    }

    @Test
    void aKeyThatIsNoLongerDeclaredIsRevokedAndItsNameKept() {
        keys.declare(Map.of("bot", BOT));
        keys.declare(Map.of());

        assertThat(keys.find(KEY)).isEmpty();
        assertThat(database.sql("SELECT name FROM api_key")).containsExactly(List.of("bot"));
    }

    @Test
    void aKeyThatIsDeclaredAgainWorksAgainWithWhatItMayNow() {
        keys.declare(Map.of("bot", BOT));
        keys.declare(Map.of());
        keys.declare(Map.of("bot", new Declared(KEY.hash(), Set.of(Permission.TOKEN), List.of())));

        assertThat(keys.find(KEY).orElseThrow().permissions()).containsExactly(Permission.TOKEN);
        assertThat(keys.find(KEY).orElseThrow().connectors()).isEmpty();
    }

    @Test
    void aKeyThatWasChangedNoLongerWorks() {
        keys.declare(Map.of("bot", BOT));
        keys.declare(Map.of("bot", new Declared(new Secret("gb_2").hash(), Set.of(Permission.STATUS), List.of())));

        assertThat(keys.find(KEY)).isEmpty();
        assertThat(keys.find(new Secret("gb_2"))).isPresent();
    }

    @Test
    void aKeyThatMovedToAnotherNameWorksUnderThatName() {
        keys.declare(Map.of("old", BOT));
        keys.declare(Map.of("new", BOT));

        assertThat(keys.find(KEY).orElseThrow().name()).isEqualTo("new");
    }

    @Test
    void theFirstStartMakesAnAdministratorOnce() {
        Secret password = administrators.ensureFirst().orElseThrow();

        assertThat(password.value()).matches("[0-9A-Za-z]{20}");
        assertThat(signIn("admin", password.value())).get().returns(Role.ADMIN, Administrator::role);
        assertThat(administrators.ensureFirst()).isEmpty();
        assertThat(signIn("admin", password.value())).isPresent();
    }

    @Test
    void configuredPasswordsHold() {
        configuration.with("grantbook.admin.password", "swordfish").with("grantbook.auditor.password", "salmon");

        assertThat(administrators.ensureFirst()).isEmpty();

        assertThat(signIn("admin", "swordfish")).get().returns(Role.ADMIN, Administrator::role);
        assertThat(signIn("auditor", "salmon")).get().returns(Role.AUDITOR, Administrator::role);
        configuration.with("grantbook.admin.password", "trout");
        administrators.ensureFirst();
        assertThat(signIn("admin", "swordfish")).isEmpty();
        assertThat(signIn("admin", "trout")).isPresent();
    }

    @Test
    void nobodySignsInWithAWrongNameOrPassword() {
        set("admin", "swordfish");

        assertThat(signIn("admin", "Swordfish")).isEmpty();
        assertThat(signIn("admin", "")).isEmpty();
        assertThat(signIn("Admin", "swordfish")).isEmpty();
        assertThat(signIn("root", "swordfish")).isEmpty();
        assertThat(signIn("admin' --", "swordfish")).isEmpty();
    }

    @Test
    void fiveWrongPasswordsLockTheNameForFiveMinutes() {
        set("admin", "swordfish");
        for (int i = 0; i < 5; i++) {
            assertThat(signIn("admin", "guess-" + i)).isEmpty();
        }

        assertThat(signIn("admin", "swordfish")).isEmpty();
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(signIn("admin", "swordfish")).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(signIn("admin", "swordfish")).isPresent();
    }

    @Test
    void aRightPasswordForgetsTheWrongOnesBefore() {
        set("admin", "swordfish");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                signIn("admin", "guess");
            }
            assertThat(signIn("admin", "swordfish")).isPresent();
        }
    }

    @Test
    void anotherNameIsNotLocked() {
        set("admin", "swordfish");
        set("second", "salmon");
        for (int i = 0; i < 5; i++) {
            signIn("admin", "guess");
        }

        assertThat(signIn("second", "salmon")).isPresent();
    }

    @Test
    void guessesAtTheSameTimeAreAllCounted() {
        set("admin", "swordfish");

        database.together(5, () -> signIn.enter("admin", "guess", device()), 5);

        assertThat(signIn("admin", "swordfish")).isEmpty();
    }

    @Test
    void afterTwentyFailuresFromOnePlaceNobodyGetsInFromThere() {
        set("admin", "swordfish");
        for (int i = 0; i < 20; i++) {
            signIn("nobody-" + i, "guess");
        }

        assertThat(signIn("admin", "swordfish")).isEmpty();
        address = "192.0.2.2";
        assertThat(signIn("admin", "swordfish")).isPresent();
        address = "192.0.2.1";
        clock.advance(Duration.ofMinutes(5));
        assertThat(signIn("admin", "swordfish")).isPresent();
    }

    @Test
    @DisplayName("4.9 Of sign-ins that come at once no more are hashed than may fail")
    void signInsAreCountedBeforeTheyAreHashed() throws Exception {
        List<Callable<Optional<Secret>>> guesses =
                Collections.nCopies(60, () -> signIn.enter("nobody", "guess", device()));
        ExecutorService pool = Executors.newFixedThreadPool(20);
        try {
            for (Future<Optional<Secret>> guess : pool.invokeAll(guesses)) {
                assertThat(guess.get()).isEmpty();
            }
        } finally {
            pool.shutdown();
        }

        assertThat(passwords.verified.get()).isBetween(1, AuditTrail.FAILURES_ALLOWED);
        assertThat(database.sql("SELECT id FROM audit_event")).hasSize(passwords.verified.get());
    }

    @Test
    void theAuditTellsWhoTriedAndKeepsNoTypedNameThatIsNobodys() {
        set("admin", "swordfish");
        signIn("hunter2", "guess");
        clock.advance(Duration.ofSeconds(1));
        signIn("admin", "guess");
        clock.advance(Duration.ofSeconds(1));
        signIn("admin", "swordfish");

        assertThat(trail.page(null, 10))
                .extracting(event -> event.kind() + " " + event.actor() + " " + event.address())
                .containsExactly(
                        "SIGNED_IN admin 192.0.2.1", "SIGN_IN_FAILED admin 192.0.2.1", "SIGN_IN_FAILED  192.0.2.1");
    }

    @Test
    void theAuditIsReadPageByPage() {
        for (int i = 0; i < 5; i++) {
            trail.record(AuditEvent.AuditEventKind.SIGNED_OUT, "admin", "", new ClientAddress("192.0.2.1"));
        }
        List<AuditEvent> first = trail.page(null, 3);
        AuditEvent last = first.get(2);
        List<AuditEvent> second = trail.page(new AuditTrail.AuditCursor(last.at(), last.id()), 3);

        assertThat(first).hasSize(3);
        assertThat(second).hasSize(2);
        assertThat(second)
                .extracting(AuditEvent::id)
                .doesNotContainAnyElementsOf(first.stream().map(AuditEvent::id).toList());
    }

    @Test
    void somebodyCanAlwaysAdminister() {
        set("ada", "swordfish");
        set("bob", "salmon");

        assertRefused(RefusalReason.ONESELF, () -> administrators.remove("ada", "ada"));
        assertRefused(RefusalReason.UNKNOWN, () -> administrators.remove("eve", "ada"));
        administrators.remove("ada", "bob");
        administrators.add("auditor", Role.AUDITOR);
        assertRefused(RefusalReason.LAST_ADMIN, () -> administrators.remove("bob", "auditor"));
        assertRefused(RefusalReason.NAME_TAKEN, () -> administrators.add("bob", Role.ADMIN));
    }

    @Test
    void ofTwoWhoAddOneNameAtOnceOneIsTold() {
        List<String> answers = database.together(
                2,
                () -> database.outside(() -> {
                    try {
                        return administrators.add("eve", Role.AUDITOR).value();
                    } catch (AdministrationRefused e) {
                        return e.reason().name();
                    }
                }));

        assertThat(answers).hasSize(2).containsOnlyOnce("NAME_TAKEN");
        assertThat(database.sql("SELECT name FROM administrator WHERE name = 'eve'"))
                .hasSize(1);
    }

    @Test
    void aSessionEndsWithItsPassword() {
        set("ada", "swordfish");
        Secret session = signIn.enter("ada", "swordfish", device()).orElseThrow();

        assertThat(sessions.find(session)).isPresent();
        Secret fresh = administrators.renewPassword("ada");
        assertThat(sessions.find(session)).isEmpty();
        assertThat(signIn("ada", fresh.value())).isPresent();
    }

    @Test
    void onesOwnPasswordIsChangedWithTheOldOneOnly() {
        set("ada", "swordfish");
        Secret here = signIn.enter("ada", "swordfish", device()).orElseThrow();
        Secret elsewhere = signIn.enter("ada", "swordfish", device()).orElseThrow();
        SignedIn ada = sessions.find(here).orElseThrow();

        assertRefused(RefusalReason.WRONG_PASSWORD, () -> administrators.changePassword(ada, "guess", "salmon"));
        assertThat(sessions.find(elsewhere)).isPresent();
        Secret renewed = administrators.changePassword(ada, "swordfish", "salmon");

        assertThat(signIn("ada", "swordfish")).isEmpty();
        assertThat(signIn("ada", "salmon")).isPresent();
        assertThat(sessions.find(renewed)).get().returns(ada.session(), SignedIn::session);
        assertThat(sessions.find(here)).isEmpty();
        assertThat(sessions.find(elsewhere)).isEmpty();
    }

    private void assertRefused(RefusalReason reason, Runnable change) {
        assertThatExceptionOfType(AdministrationRefused.class)
                .isThrownBy(change::run)
                .returns(reason, AdministrationRefused::reason);
    }

    private void set(String name, String password) {
        database.run(() -> {
            administrators.add(name, Role.ADMIN);
            administrators.find(name).orElseThrow().setPassword(passwords.hash(password));
        });
    }

    private Optional<Administrator> signIn(String name, String password) {
        return signIn.enter(name, password, device())
                .flatMap(sessions::find)
                .flatMap(session -> administrators.find(session.name()));
    }

    private Device device() {
        return Device.of(null, new ClientAddress(address));
    }
}
