package dev.grantbook.grant.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Sample;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@OnDatabases
class KnownGrantsTest {

    private static final ConnectorId WALLET = new ConnectorId("wallet");
    private static final Subject ALICE = new Subject("alice");

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    KnownGrants known;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    @Test
    void aSmallGrantIsTheOneOfTheDatabase() {
        record(new Sample().name(null));

        assertThatBothAreTheSame(null);
    }

    @Test
    void aGrantWithAllItCanHaveIsTheOneOfTheDatabase() {
        record(new Sample()
                .granted(Scopes.of("z", "a", "m"))
                .refresh("refresh-1")
                .expiresIn(Duration.ofDays(40))
                .installation("team-1", "Team 王"));
        database.tamper("UPDATE user_grant SET status = 'UNCONFIRMED', reason = 'REFRESH_REFUSED',"
                + " confirm_by = TIMESTAMP WITH TIME ZONE '2031-01-02 03:04:05.678901+00', confirm_code_hash = 'hash',"
                + " confirm_tries = 3, refresh_failures = 2, lifetime = -1, expires_at = TIMESTAMP WITH TIME ZONE '9999-12-31 23:59:59+00', lease_owner = 'node',"
                + " retry_at = TIMESTAMP WITH TIME ZONE '1969-12-31 23:59:59.999999+00',"
                + " lease_until = TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00',"
                + " probed_at = TIMESTAMP WITH TIME ZONE '1900-01-01 00:00:00+00',"
                + " created_at = TIMESTAMP WITH TIME ZONE '2026-06-30 12:00:00.000001+00', version = 5000000000");

        assertThatBothAreTheSame(null);
        assertThat(find(null).orElseThrow().granted().toList()).containsExactly("z", "a", "m");
    }

    @Test
    void aTokenStaysSealedUntilItIsOpened() {
        record(new Sample().token("access-1"));

        Grant found = find(null).orElseThrow();

        assertThat(grants.accessToken(found)).contains(new Secret("access-1"));
    }

    @Test
    void aSubjectHasAGrantForEachAccount() {
        record(new Sample().account("a-1"));
        record(new Sample().account("a-2"));
        record(new Sample().account("a-1").connector("diary"));
        record(new Sample().account("a-1").subject("bob"));

        assertThatBothAreTheSame(null);
        assertThatBothAreTheSame("a-1");
        assertThatBothAreTheSame("a-2");
        assertThat(find("a-3")).isEmpty();
    }

    private void assertThatBothAreTheSame(@Nullable String account) {
        Optional<Grant> read = database.in(() -> grants.find(WALLET, ALICE, account));

        assertThat(read).isPresent();
        // Words are for queries alone.
        assertThat(find(account))
                .usingRecursiveComparison()
                .ignoringFields("value.wordRows")
                .isEqualTo(read);
    }

    private Optional<Grant> find(@Nullable String account) {
        return known.find(WALLET, ALICE, account);
    }

    private void record(Sample sample) {
        database.run(() -> issuing.record(sample.received(), "user", null, null));
    }
}
