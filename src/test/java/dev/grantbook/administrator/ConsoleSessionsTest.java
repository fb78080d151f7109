package dev.grantbook.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.administrator.ConsoleSessions.SessionCursor;
import dev.grantbook.apikey.ClientAddress;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** Sessions of the console in every database: what opens one, how long it lasts, and what ends it. */
@OnDatabases
class ConsoleSessionsTest {

    private static final Device DEVICE = new Device("Firefox, Linux", new ClientAddress("192.0.2.1"));

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TestBean
    final PlainPasswords passwords = new PlainPasswords();

    @Parameter
    Database database;

    @Inject
    TestClock clock;

    @Inject
    Administrators administrators;

    @Inject
    ConsoleSessions sessions;

    @BeforeEach
    void setUp() {
        database.clear();
        add("ada", Role.ADMIN);
    }

    @Test
    void aTokenSaysWhoIsSignedIn() {
        Secret token = sessions.open("ada", DEVICE);

        SignedIn ada = sessions.find(token).orElseThrow();

        assertThat(ada.name()).isEqualTo("ada");
        assertThat(ada.isAdmin()).isTrue();
        assertThat(sessions.find(Secret.random(new SecureRandom()))).isEmpty();
    }

    @Test
    void aTokenCannotBeReadFromTheDatabase() {
        Secret token = sessions.open("ada", DEVICE);

        List<List<String>> rows = database.sql("SELECT * FROM console_session");

        assertThat(rows).hasSize(1);
        assertThat(rows.toString()).contains(token.hash()).doesNotContain(token.value());
        assertThat(sessions.find(new Secret(token.hash()))).isEmpty();
        assertThat(sessions.find(token).toString()).doesNotContain(token.value());
    }

    @Test
    void aSessionEndsWhenNobodyUsesIt() {
        Secret token = sessions.open("ada", DEVICE);
        clock.advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(sessions.find(token)).isPresent();
        clock.advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(sessions.find(token)).isPresent();
        clock.advance(Duration.ofMinutes(30));
        assertThat(sessions.find(token)).isEmpty();
        assertThat(sessions.page(null, null, 10)).isEmpty();
    }

    @Test
    void aSessionEndsTwelveHoursAfterTheSignInAlthoughItIsUsed() {
        Secret token = sessions.open("ada", DEVICE);
        for (int i = 1; i < 12 * 3; i++) {
            clock.advance(Duration.ofMinutes(20));
            assertThat(sessions.find(token)).isPresent();
        }
        clock.advance(Duration.ofMinutes(20));
        assertThat(sessions.find(token)).isEmpty();
        assertThat(sessions.page(null, null, 10)).isEmpty();
    }

    @Test
    void timeOutsAreSettings() {
        configuration.with("grantbook.session.idle", "PT20S").with("grantbook.session.lifetime", "PT1M");
        Secret token = sessions.open("ada", DEVICE);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(18));
            assertThat(sessions.find(token)).isPresent();
        }
        clock.advance(Duration.ofSeconds(6));
        assertThat(sessions.find(token)).isEmpty();
    }

    @Test
    void aUseIsWrittenOnceAMinute() {
        Secret token = sessions.open("ada", DEVICE);
        clock.advance(Duration.ofSeconds(59));
        assertThat(database.statements(() -> sessions.find(token))).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(database.statements(() -> sessions.find(token))).isEqualTo(2);
        assertThat(database.statements(() -> sessions.find(token))).isEqualTo(1);
        assertThat(sessions.page(null, null, 10))
                .extracting(ConsoleSession::usedAt)
                .containsExactly(clock.instant());
    }

    @Test
    void aChangedRoleHoldsAtTheNextRequest() {
        Secret token = sessions.open("ada", DEVICE);
        database.tamper("UPDATE administrator SET role = 'auditor'");

        assertThat(sessions.find(token)).get().returns(false, SignedIn::isAdmin).returns(true, SignedIn::isAuditor);
    }

    @Test
    void sessionsEndWithTheirAdministrator() {
        add("bob", Role.AUDITOR);
        Secret token = sessions.open("bob", DEVICE);

        administrators.remove("bob", "ada");
        add("bob", Role.AUDITOR);

        assertThat(sessions.find(token)).isEmpty();
        assertThat(database.sql("SELECT * FROM console_session")).isEmpty();
    }

    @Test
    void sessionsEndWithAPasswordThatTheOperatorChanges() {
        configuration.with("grantbook.admin.password", "swordfish");
        administrators.ensureFirst();
        Secret token = sessions.open("admin", DEVICE);

        administrators.ensureFirst();
        assertThat(sessions.find(token)).as("the same password").isPresent();
        configuration.with("grantbook.admin.password", "trout");
        administrators.ensureFirst();
        assertThat(sessions.find(token)).isEmpty();
    }

    @Test
    void aSessionEndsOnce() {
        Secret token = sessions.open("ada", DEVICE);
        String id = sessions.find(token).orElseThrow().session();

        List<Optional<String>> ends = database.together(5, () -> sessions.end(id), 5);

        assertThat(ends).hasSize(5).containsOnlyOnce(Optional.of("ada"));
        assertThat(sessions.find(token)).isEmpty();
        sessions.end(token);
    }

    @Test
    void theOthersEndAndThisOneStays() {
        add("bob", Role.ADMIN);
        Secret here = sessions.open("ada", DEVICE);
        Secret elsewhere = sessions.open("ada", DEVICE);
        Secret bob = sessions.open("bob", DEVICE);

        assertThat(sessions.endAll("ada", sessions.find(here).orElseThrow().session()))
                .isEqualTo(1);

        assertThat(sessions.find(here)).isPresent();
        assertThat(sessions.find(elsewhere)).isEmpty();
        assertThat(sessions.find(bob)).isPresent();
    }

    @Test
    void sessionsAreListedPageByPage() {
        add("bob", Role.AUDITOR);
        sessions.open("bob", DEVICE);
        for (int i = 0; i < 4; i++) {
            sessions.open("ada", DEVICE);
        }

        List<ConsoleSession> first = sessions.page("ada", null, 3);
        ConsoleSession last = first.get(2);
        List<ConsoleSession> second = sessions.page("ada", new SessionCursor(last.createdAt(), last.id()), 3);

        assertThat(first).hasSize(3).allMatch(session -> session.browser().equals("Firefox, Linux"));
        assertThat(second)
                .hasSize(1)
                .extracting(ConsoleSession::id)
                .doesNotContainAnyElementsOf(
                        first.stream().map(ConsoleSession::id).toList());
        assertThat(sessions.page(null, null, 10)).hasSize(5);
    }

    @Test
    void endedSessionsAreDeleted() {
        sessions.open("ada", DEVICE);
        clock.advance(Duration.ofMinutes(20));
        Secret later = sessions.open("ada", DEVICE);
        clock.advance(Duration.ofMinutes(10));

        assertThat(sessions.deleteEnded()).isEqualTo(1);
        assertThat(sessions.find(later)).isPresent();
    }

    @Test
    void notesAreSealedAndTakenOnce() {
        Secret token = sessions.open("ada", DEVICE);
        String id = sessions.find(token).orElseThrow().session();
        assertThat(sessions.find(token)).get().returns(false, SignedIn::hasNotes);
        for (int i = 1; i <= 7; i++) {
            sessions.addNote(id, "secret " + i);
        }

        assertThat(database.sql("SELECT notes FROM console_session").toString()).doesNotContain("secret");
        assertThat(sessions.find(token)).get().returns(true, SignedIn::hasNotes);
        assertThat(sessions.takeNotes(id)).containsExactly("secret 3", "secret 4", "secret 5", "secret 6", "secret 7");
        assertThat(sessions.takeNotes(id)).isEmpty();
        sessions.end(token);
        sessions.addNote(id, "for nobody");
        assertThat(sessions.takeNotes(id)).isEmpty();
    }

    private void add(String name, String role) {
        administrators.add(name, role);
    }
}
