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
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
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
import java.util.concurrent.atomic.AtomicInteger;
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
    final PlainHash pbkdf2 = new PlainHash();

    private String address = "192.0.2.1";

    @TestBean
    final HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
            AdministratorsTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                    method.getName().equals("getRemoteAddr") ? address : Collections.emptyEnumeration());

    @Parameter
    Database database;

    @Inject
    TestClock clock;

    @Inject
    ApiKeys keys;

    @Inject
    Administrators administrators;

    @Inject
    AdministratorStore store;

    @Inject
    AuditTrail trail;

    @Inject
    Passwords passwords;

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

        database.together(5, () -> store.validate(new UsernamePasswordCredential("admin", "guess")));

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
        List<Callable<Status>> guesses = Collections.nCopies(
                60,
                () -> store.validate(new UsernamePasswordCredential("nobody", "guess"))
                        .getStatus());
        ExecutorService pool = Executors.newFixedThreadPool(20);
        try {
            for (Future<Status> guess : pool.invokeAll(guesses)) {
                assertThat(guess.get()).isEqualTo(Status.INVALID);
            }
        } finally {
            pool.shutdown();
        }

        assertThat(pbkdf2.verified.get()).isBetween(1, AuditTrail.FAILURES_ALLOWED);
        assertThat(database.sql("SELECT id FROM audit_event")).hasSize(pbkdf2.verified.get());
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
        var session =
                new SignedIn("ada", administrators.find("ada").orElseThrow().stamp());

        assertThat(administrators.find(session)).isPresent();
        Secret fresh = administrators.renewPassword("ada");
        assertThat(administrators.find(session)).isEmpty();
        assertThat(signIn("ada", fresh.value())).isPresent();
    }

    @Test
    void onesOwnPasswordIsChangedWithTheOldOneOnly() {
        set("ada", "swordfish");

        assertRefused(RefusalReason.WRONG_PASSWORD, () -> administrators.changePassword("ada", "guess", "salmon"));
        administrators.changePassword("ada", "swordfish", "salmon");

        assertThat(signIn("ada", "swordfish")).isEmpty();
        assertThat(signIn("ada", "salmon")).isPresent();
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
        var result = store.validate(new UsernamePasswordCredential(name, password));
        return result.getStatus() == Status.VALID ? administrators.find(name) : Optional.empty();
    }

    /** The server's own PBKDF2 is slow by design and is tested with the server. */
    private static class PlainHash implements Pbkdf2PasswordHash {

        private final AtomicInteger verified = new AtomicInteger();

        @Override
        public String generate(char[] password) {
            return "hash of " + new String(password);
        }

        @Override
        public boolean verify(char[] password, String hashedPassword) {
            verified.incrementAndGet();
            return generate(password).equals(hashedPassword);
        }
    }
}
