package dev.grantbook.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.grantbook.testing.Counts;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.vault.Resealing.Pass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What holds for sealing again, in every database. */
@OnDatabases
class ResealingTest {

    private static final int GRANTS = 10;

    @RegisterExtension
    final Counts counts = new Counts();

    private final Vault old = TestVaults.fresh();
    private final Vault rotated = TestRotations.rotated(old);

    @Parameter
    Database database;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
        database.tamper("INSERT INTO granted_set VALUES ('set', 'wallet', '')");
        for (int i = 0; i < GRANTS; i++) {
            grant("g-" + i);
        }
    }

    @Test
    void whatTheOldKeySealedIsSealedAgain() {
        Pass pass = TestRotations.resealing(database, rotated).pass();

        assertThat(pass).isEqualTo(new Pass(2 * GRANTS, 0));
        assertThat(counts.level("keys.values.left")).isZero();
        assertThat(TestRotations.resealing(database, rotated).census())
                .isEqualTo(Map.of(rotated.keyset().primary(), 2L * GRANTS));
        everythingOpensWith(TestRotations.withoutOldKey(rotated));
    }

    @Test
    void everyColumnIsThoughtOf() {
        String grant = "g-0";
        database.tamper("INSERT INTO secondary_token (id, grant_id, kind, external_id, name, token, updated_at)"
                + " VALUES ('h', '" + grant + "', 'page', 'p', NULL, '"
                + sealed("secondary_token", "h", "token") + "', CURRENT_TIMESTAMP)");
        database.tamper("INSERT INTO conversation (id, connector, channel, session_id, subject, auth_code,"
                + " auth_code_status, code_verifier, access_token, created_at, updated_at, version) VALUES ('c', 'wallet',"
                + " 'WEB', 's', 'alice', '" + sealed("conversation", "c", "auth_code") + "', 'WAITING', '"
                + sealed("conversation", "c", "code_verifier") + "', '"
                + sealed("conversation", "c", "access_token")
                + "', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
        database.tamper("INSERT INTO conversation_link (id, conversation, finish_at, created_at, expires_at, version)"
                + " VALUES ('l', 'c', '" + sealed("conversation_link", "l", "finish_at")
                + "', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
        database.tamper("INSERT INTO attempt (id, state_hash, browser_hash, handle_used, connector, features, scopes,"
                + " asked, verifier, asked_before, status, created_at, expires_at, version) VALUES ('a', 's', 'b', FALSE,"
                + " 'wallet', '', '', '', '" + sealed("attempt", "a", "verifier")
                + "', 0, 'STARTED', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");

        Pass pass = TestRotations.resealing(database, rotated).pass();

        assertThat(pass).isEqualTo(new Pass(2 * GRANTS + 6, 0));
        assertThat(opened(TestRotations.withoutOldKey(rotated), "secondary_token", "h", "token"))
                .isEqualTo("token of h");
        assertThat(opened(TestRotations.withoutOldKey(rotated), "attempt", "a", "verifier"))
                .isEqualTo("verifier of a");
    }

    @Test
    void whileThereIsNoOldKeyTheDatabaseIsNotAsked() {
        Resealing resealing = TestRotations.resealing(database, old);
        resealing.columns = List.of(new SealedColumn("no_such_table", "token"));

        assertThat(resealing.pass()).isEqualTo(new Pass(0, 0));
    }

    @Test
    void whatIsSealedAgainStaysAsItIs() {
        Resealing resealing = TestRotations.resealing(database, rotated);
        resealing.pass();
        List<List<String>> before = database.sql("SELECT * FROM user_grant ORDER BY id");

        assertThat(resealing.pass()).isEqualTo(new Pass(0, 0));
        assertThat(database.sql("SELECT * FROM user_grant ORDER BY id")).isEqualTo(before);
    }

    @Test
    void nothingOfTheRowChangesButTheSealedValue() {
        String others = "SELECT id, version, updated_at FROM user_grant ORDER BY id";
        List<List<String>> before = database.sql(others);

        TestRotations.resealing(database, rotated).pass();

        assertThat(database.sql(others)).isEqualTo(before);
    }

    @Test
    void whoeverIsKilledInTheMiddleLeavesNothingHalfDone() {
        var dying = new Vault() {
            private int left = 7;

            @Override
            public Sealed seal(String plaintext, String place) {
                if (left-- == 0) {
                    throw new IllegalStateException("killed");
                }
                return rotated.seal(plaintext, place);
            }

            @Override
            public String open(Sealed sealed, String place) {
                return rotated.open(sealed, place);
            }

            @Override
            Keyset keyset() {
                return rotated.keyset();
            }
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> TestRotations.resealing(database, dying).pass())
                .withMessage("killed");
        assertThat(counts.level("keys.values.left")).isEqualTo(2 * GRANTS - 4);

        Resealing again = TestRotations.resealing(database, rotated);
        assertThat(again.census())
                .as("one batch of four is done, the second is undone")
                .isEqualTo(Map.of(
                        old.keyset().primary(),
                        2L * GRANTS - 4,
                        rotated.keyset().primary(),
                        4L));
        everythingOpensWith(rotated);

        assertThat(again.pass()).isEqualTo(new Pass(2 * GRANTS - 4, 0));
        everythingOpensWith(TestRotations.withoutOldKey(rotated));
    }

    @Test
    void manyNodesShareTheWork() {
        List<Pass> passes = database.together(
                5, () -> TestRotations.resealing(database, rotated).pass());
        // What one had taken, another passed over; nobody waits for anybody, and the next pass finds what was left.
        Pass rest = TestRotations.resealing(database, rotated).pass();

        int done = passes.stream().mapToInt(Pass::resealed).sum();
        assertThat(done + rest.resealed()).isEqualTo(2 * GRANTS);
        everythingOpensWith(TestRotations.withoutOldKey(rotated));
    }

    @Test
    void aValueThatNobodyOpensStopsNothing() {
        database.tamper("UPDATE user_grant SET access_token ="
                + " (SELECT g.access_token FROM user_grant g WHERE g.id = 'g-1') WHERE id = 'g-0'");

        Resealing resealing = TestRotations.resealing(database, rotated);

        assertThat(resealing.pass()).isEqualTo(new Pass(2 * GRANTS - 1, 1));
        assertThat(resealing.needs(old.keyset().primary()))
                .as("the key does not open it either")
                .isFalse();
    }

    @Test
    void aKeyIsNeededWhileOneValueIsLeft() {
        Resealing resealing = TestRotations.resealing(database, rotated);
        resealing.pass();
        assertThat(resealing.needs(old.keyset().primary())).isFalse();

        database.tamper("UPDATE user_grant SET refresh_token = '" + sealed("user_grant", "g-7", "refresh_token")
                + "' WHERE id = 'g-7'");

        assertThat(resealing.needs(old.keyset().primary())).isTrue();
    }

    private void everythingOpensWith(Vault vault) {
        for (int i = 0; i < GRANTS; i++) {
            for (String column : List.of("access_token", "refresh_token")) {
                assertThat(opened(vault, "user_grant", "g-" + i, column)).isEqualTo(column + " of g-" + i);
            }
        }
    }

    private String opened(Vault vault, String table, String id, String column) {
        String text = database.sql("SELECT " + column + " FROM " + table + " WHERE id = '" + id + "'")
                .get(0)
                .get(0);
        return vault.open(new Sealed(text), table + "/" + id + "/" + column);
    }

    private void grant(String id) {
        database.tamper("INSERT INTO user_grant (id, connector, subject, account_id, status, granted, granted_set,"
                + " access_token, refresh_token, token_type, created_at, updated_at, version) VALUES ('" + id
                + "', 'wallet', '" + id + "', '', 'ACTIVE', '', 'set', '"
                + sealed("user_grant", id, "access_token")
                + "', '" + sealed("user_grant", id, "refresh_token")
                + "', 'Bearer', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
    }

    /** By the old key. */
    private String sealed(String table, String id, String column) {
        return old.seal(column + " of " + id, table + "/" + id + "/" + column).text();
    }
}
