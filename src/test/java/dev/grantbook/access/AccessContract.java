package dev.grantbook.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.access.ApiKeys.Declared;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.TestClock;
import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds for API keys and administrators in every database. */
abstract class AccessContract {

    private static final Secret KEY = new Secret("gb_1");
    private static final Declared BOT = new Declared(KEY.hash(), Set.of(Permission.STATUS), List.of("wallet", "diary"));

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private final ApiKeys keys = new ApiKeys();
    private final Administrators administrators = new Administrators();

    abstract Database database();

    @BeforeEach
    void setUp() {
        keys.entities = database().entities();
        administrators.entities = database().entities();
        administrators.clock = clock;
        administrators.random = new SecureRandom();
        administrators.settings = configuration.settings();
        administrators.passwords = new PlainHash();
        database().clear();
    }

    @Test
    void aDeclaredKeyIsKnown() {
        declare(Map.of("bot", BOT));

        ApiKey found = key(KEY).orElseThrow();

        assertThat(found.name()).isEqualTo("bot");
        assertThat(found.permissions()).containsExactly(Permission.STATUS);
        assertThat(found.connectors()).containsExactlyInAnyOrder("wallet", "diary");
        assertThat(key(new Secret("gb_2"))).isEmpty();
        assertThat(key(new Secret(KEY.hash()))).isEmpty();
        assertThat(database().sql("SELECT * FROM api_key").toString()).doesNotContain("gb_1");
    }

    @Test
    void aKeyThatIsNoLongerDeclaredIsRevokedAndItsNameKept() {
        declare(Map.of("bot", BOT));
        declare(Map.of());

        assertThat(key(KEY)).isEmpty();
        assertThat(database().sql("SELECT name FROM api_key")).containsExactly(List.of("bot"));
    }

    @Test
    void aKeyThatIsDeclaredAgainWorksAgainWithWhatItMayNow() {
        declare(Map.of("bot", BOT));
        declare(Map.of());
        declare(Map.of("bot", new Declared(KEY.hash(), Set.of(Permission.TOKEN), List.of())));

        assertThat(key(KEY).orElseThrow().permissions()).containsExactly(Permission.TOKEN);
        assertThat(key(KEY).orElseThrow().connectors()).isEmpty();
    }

    @Test
    void aKeyThatWasChangedNoLongerWorks() {
        declare(Map.of("bot", BOT));
        declare(Map.of("bot", new Declared(new Secret("gb_2").hash(), Set.of(Permission.STATUS), List.of())));

        assertThat(key(KEY)).isEmpty();
        assertThat(key(new Secret("gb_2"))).isPresent();
    }

    @Test
    void aKeyThatMovedToAnotherNameWorksUnderThatName() {
        declare(Map.of("old", BOT));
        declare(Map.of("new", BOT));

        assertThat(key(KEY).orElseThrow().name()).isEqualTo("new");
    }

    @Test
    void theFirstStartMakesAnAdministratorOnce() {
        Secret password = database().in(administrators::ensureFirst).orElseThrow();

        assertThat(password.value()).matches("[0-9A-Za-z]{20}");
        assertThat(signIn("admin", password.value())).get().returns(Role.ADMIN, Administrator::role);
        assertThat(database().in(administrators::ensureFirst)).isEmpty();
        assertThat(signIn("admin", password.value())).isPresent();
    }

    @Test
    void configuredPasswordsHold() {
        configuration.with("grantbook.admin.password", "swordfish").with("grantbook.auditor.password", "salmon");

        assertThat(database().in(administrators::ensureFirst)).isEmpty();

        assertThat(signIn("admin", "swordfish")).get().returns(Role.ADMIN, Administrator::role);
        assertThat(signIn("auditor", "salmon")).get().returns(Role.AUDITOR, Administrator::role);
        configuration.with("grantbook.admin.password", "trout");
        database().in(administrators::ensureFirst);
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

        database().together(5, () -> administrators.authenticate("admin", "guess"));

        assertThat(signIn("admin", "swordfish")).isEmpty();
    }

    private void declare(Map<String, Declared> all) {
        database().run(() -> keys.declare(all));
    }

    private Optional<ApiKey> key(Secret key) {
        return database().in(() -> keys.find(key));
    }

    private void set(String name, String password) {
        database().run(() -> administrators.set(name, Role.ADMIN, password));
    }

    private Optional<Administrator> signIn(String name, String password) {
        return database().in(() -> administrators.authenticate(name, password));
    }

    /** The server's own PBKDF2 is slow by design and is tested with the server. */
    private static final class PlainHash implements Pbkdf2PasswordHash {

        @Override
        public String generate(char[] password) {
            return "hash of " + new String(password);
        }

        @Override
        public boolean verify(char[] password, String hashedPassword) {
            return generate(password).equals(hashedPassword);
        }
    }
}
