package dev.grantbook.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What holds for requests to be forgotten. */
@OnDatabases(h2 = false)
class DeletionsTest {

    private static final Secret CODE = new Secret("code-1");

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    GrantIssuing issuing;

    @Inject
    Deletions deletions;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
    }

    @Test
    void whatWasDoneIsFoundByItsCodeAndNamesNobody() {
        record();
        Instant done = clock.instant();

        delete(CODE);
        clock.advance(Duration.ofDays(30));

        assertThat(find(CODE)).isEqualTo(done);
        assertThat(find(new Secret("code-2"))).isNull();
        assertThat(database.sql("SELECT * FROM deletion").toString()).doesNotContain("zyx", "code-1");
        assertThat(statuses()).containsExactly("REVOKED");
    }

    @Test
    void theSameRequestIsDoneOnce() {
        record();
        delete(CODE);
        clock.advance(Duration.ofMinutes(5));
        record();

        delete(CODE);

        assertThat(statuses()).containsExactlyInAnyOrder("REVOKED", "ACTIVE");
        assertThat(find(CODE)).isEqualTo(clock.instant().minus(Duration.ofMinutes(5)));
        delete(new Secret("code-2"));
        assertThat(statuses()).containsExactly("REVOKED", "REVOKED");
    }

    @Test
    void theSameRequestTwiceAtOnceIsDoneOnce() {
        record();

        database.together(
                4,
                () -> {
                    deletions.delete(CODE, List.of(new ConnectorId("wallet")), "zyx");
                    return true;
                },
                20);

        assertThat(database.sql("SELECT done_at FROM deletion")).hasSize(1);
        assertThat(statuses()).containsExactly("REVOKED");
        assertThat(database.sql("SELECT kind FROM grant_event WHERE kind = 'ERASED'"))
                .hasSize(1);
    }

    @Test
    void conversationsThatLedToTheAccountAreGone() {
        Grant grant = record();
        converse("by-account", "somebody", "zyx", null);
        converse("by-subject", "zyx", null, null);
        converse("by-grant", "somebody", null, grant.id().value());
        converse("another", "somebody", "abc", null);

        delete(CODE);

        assertThat(database.sql("SELECT id FROM conversation")).containsExactly(List.of("another"));
    }

    private void converse(String id, String subject, @Nullable String account, @Nullable String grant) {
        database.tamper("INSERT INTO conversation (id, connector, channel, session_id, subject, auth_code_status,"
                + " account_id, grant_id, created_at, updated_at, version) VALUES ('" + id
                + "', 'wallet', 'WEB', '" + id + "', '" + subject + "', 'NONE', " + quoted(account) + ", "
                + quoted(grant) + ", CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
    }

    @Test
    void tokensFromElsewhereThatWaitToBecomeGrantsAreGone() {
        database.tamper("INSERT INTO import VALUES ('m', 'api-key:bot', 3, CURRENT_TIMESTAMP)");
        imported("by-account", "somebody", "zyx");
        imported("by-subject", "zyx", null);
        imported("another", "somebody", "abc");

        delete(CODE);

        assertThat(database.sql("SELECT id FROM import_item")).containsExactly(List.of("another"));
    }

    private void imported(String id, String subject, @Nullable String account) {
        database.tamper("INSERT INTO import_item (id, import_id, number, connector, provider, subject, account_id,"
                + " access_token, scopes, state, created_at, due_at, tries, version) VALUES ('" + id
                + "', 'm', 0, 'wallet', 'mixin', '" + subject + "', " + quoted(account)
                + ", 'sealed', '', 'WAITING', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 1)");
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "NULL" : "'" + text + "'";
    }

    @Test
    void whoWasNeverHereIsForgottenToo() {
        delete(CODE);

        assertThat(find(CODE)).isEqualTo(clock.instant());
    }

    private Grant record() {
        var token = new TokenResponse(new Secret("t"), "Bearer", null, null, Scopes.NONE, null);
        Grant made = database.in(() -> issuing.record(
                new ReceivedTokens(
                        new ConnectorId("wallet"),
                        new Subject("alice"),
                        new Account("zyx", "Alice", null),
                        Scopes.NONE,
                        token,
                        List.of()),
                "user",
                null,
                null));
        assertThat(made.status(clock.instant())).isEqualTo(GrantStatus.ACTIVE);
        return made;
    }

    private void delete(Secret code) {
        database.run(() -> deletions.delete(code, List.of(new ConnectorId("wallet")), "zyx"));
    }

    private @Nullable Instant find(Secret code) {
        return database.in(() -> deletions.find(code)).map(Deletion::doneAt).orElse(null);
    }

    private List<String> statuses() {
        return database.sql("SELECT status FROM user_grant").stream()
                .map(row -> row.get(0))
                .toList();
    }
}
