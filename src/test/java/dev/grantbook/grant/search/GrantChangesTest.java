package dev.grantbook.grant.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Which changes of grants PostgreSQL notifies nodes of. */
@OnDatabases(h2 = false)
class GrantChangesTest {

    @Parameter
    Database database;

    private Connection ear;

    @BeforeEach
    void setUp() throws SQLException {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
        database.tamper("INSERT INTO granted_set VALUES ('set', 'wallet', '')");
        ear = database.dataSource().getConnection();
        execute(ear, "LISTEN grantbook_changes");
    }

    @AfterEach
    void close() throws SQLException {
        execute(ear, "UNLISTEN *");
        ear.close();
    }

    @Test
    void theFirstGrantOfASubjectIsSilent() throws SQLException {
        database.tamper(grant("1", "alice", "a-1"));
        database.tamper(grant("2", "bob", "a-1"));

        assertThat(heard()).isEmpty();
    }

    @Test
    void anotherGrantAndEachChangeAreHeard() throws SQLException {
        database.tamper(grant("1", "alice", "a-1"));
        database.tamper(grant("2", "alice", "a-2"));
        database.tamper("UPDATE user_grant SET status = 'REVOKED' WHERE id = '1'");
        database.tamper("DELETE FROM user_grant WHERE id = '2'");

        assertThat(heard())
                .containsExactly("user_grant 2 wallet alice", "user_grant 1 wallet alice", "user_grant 2 wallet alice");
    }

    @Test
    void theSecondOfTwoFirstGrantsAtOnceIsHeard() throws Exception {
        try (Connection first = database.dataSource().getConnection()) {
            first.setAutoCommit(false);
            execute(first, grant("1", "alice", "a-1"));
            var second = CompletableFuture.runAsync(() -> database.tamper(grant("2", "alice", "a-2")));
            awaitThatOneWaits();
            first.commit();
            first.setAutoCommit(true);
            second.get(1, TimeUnit.MINUTES);
        }

        assertThat(heard()).containsExactly("user_grant 2 wallet alice");
    }

    private static String grant(String id, String subject, String account) {
        return "INSERT INTO user_grant (id, connector, subject, account_id, status, granted, granted_set, token_type,"
                + " created_at, updated_at, version) VALUES ('" + id + "', 'wallet', '" + subject + "', '" + account
                + "', 'ACTIVE', '', 'set', 'Bearer', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)";
    }

    /**
     * What was notified since the last time. PostgreSQL delivers in the order of commits, so that the end comes last.
     */
    private List<String> heard() throws SQLException {
        database.tamper("NOTIFY grantbook_changes, 'end'");
        var heard = new ArrayList<String>();
        while (true) {
            for (PGNotification notification : ear.unwrap(PGConnection.class).getNotifications(60_000)) {
                if (notification.getParameter().equals("end")) {
                    return heard;
                }
                heard.add(notification.getParameter());
            }
        }
    }

    private void awaitThatOneWaits() {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (database.sql("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                .isEmpty()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
