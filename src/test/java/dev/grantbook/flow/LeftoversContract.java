package dev.grantbook.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.TestGrants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.Account;
import dev.grantbook.provider.Provider;
import dev.grantbook.provider.TestProviders;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.TestVaults;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept for how long, in every database. */
abstract class LeftoversContract {

    private static final Duration DAY = Duration.ofDays(1);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final TestClock clock = new TestClock();
    private Grants grants = new Grants();
    private final Leftovers leftovers = new Leftovers();

    abstract Database database();

    @BeforeEach
    void setUp() {
        grants = TestGrants.in(database(), TestVaults.fresh(), clock);
        leftovers.entities = database().entities();
        leftovers.clock = clock;
        database().clear();
        database().tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    @Test
    void aTokenThatNobodyAsksForIsUnusedAfterHalfAYear() {
        String grant = record("ledger-bot");
        record("diary");
        clock.advance(DAY.multipliedBy(180));
        assertThat(unused()).isEmpty();

        clock.advance(Duration.ofSeconds(1));

        assertThat(unused()).containsExactly(grant);
    }

    @Test
    void aTokenThatIsAskedForStays() {
        String grant = record("ledger-bot");
        clock.advance(DAY.multipliedBy(100));
        use(grant);
        clock.advance(DAY.multipliedBy(100));

        assertThat(unused()).isEmpty();
    }

    @Test
    void aUseIsWrittenDownOnceAnHour() {
        String grant = record("ledger-bot");
        use(grant);
        String first = lastUse();
        clock.advance(Duration.ofMinutes(59));
        use(grant);
        assertThat(lastUse()).isEqualTo(first);

        clock.advance(Duration.ofMinutes(2));
        use(grant);
        assertThat(lastUse()).isNotEqualTo(first);
    }

    @Test
    void whatHasEndedIsNotUnused() {
        String grant = record("ledger-bot");
        database().tamper("UPDATE user_grant SET access_token = NULL, refresh_token = NULL WHERE id = '" + grant + "'");
        clock.advance(DAY.multipliedBy(400));

        assertThat(unused()).isEmpty();
    }

    @Test
    void historiesAreKeptForTwoYears() {
        record("ledger-bot");
        record("diary");
        clock.advance(DAY.multipliedBy(729));
        assertThat(history()).isZero();

        clock.advance(DAY.multipliedBy(3));

        assertThat(history()).isEqualTo(1);
        assertThat(database().sql("SELECT COUNT(*) FROM grant_event")).containsExactly(List.of("1"));
    }

    @Test
    void tripsAndLinksAreKeptForAMonthAndTheLinkNoShorterThanItsTrip() {
        database().tamper("INSERT INTO invitation (id, token_hash, connector, subject, features, scopes, made_by, status,"
                + " created_at, expires_at, version) VALUES ('i', 'h', 'ledger-bot', 'alice', '', '', 'api-key:bot',"
                + " 'OPENED', TIMESTAMP '2026-11-22 10:00:00', TIMESTAMP '2026-11-22 10:30:00', 1)");
        database().tamper("INSERT INTO attempt (id, state_hash, browser_hash, handle_used, connector, invitation, features,"
                + " scopes, asked, asked_before, status, created_at, expires_at, version) VALUES ('a', 's', 'b', FALSE,"
                + " 'ledger-bot', 'i', '', '', '', 0, 'DENIED', TIMESTAMP '2026-11-22 10:00:00',"
                + " TIMESTAMP '2026-11-22 10:10:00', 1)");
        clock.advance(DAY.multipliedBy(29));
        assertThat(database().in(() -> leftovers.dropAttempts(bot()))).isZero();

        clock.advance(DAY.multipliedBy(3));

        assertThat(database().in(() -> leftovers.dropInvitations(bot())))
                .as("the trip refers to it")
                .isZero();
        assertThat(database().in(() -> leftovers.dropAttempts(bot()))).isEqualTo(1);
        assertThat(database().in(() -> leftovers.dropInvitations(bot()))).isEqualTo(1);
    }

    @Test
    void aConnectorMayKeepThingsForAnotherTime() {
        String grant = record("ledger-bot");
        clock.advance(DAY.multipliedBy(8));

        Connector bot = TestConnectors.of(
                TestConnectors.LEDGER_BOT.replaceFirst("\\{", "{\"retention\": {\"unused\": \"P1W\"}, "),
                mixin());

        assertThat(database().in(() -> leftovers.unused(bot))).containsExactly(grant);
    }

    private String record(String connector) {
        var reply = new TokenResponse(new Secret("access"), "Bearer", null, null, Scopes.of("PROFILE:READ"), null);
        var received = new Grants.Received(
                connector, "alice", new Account("a-1", "Alice", null), Scopes.of("PROFILE:READ"), reply, List.of());
        return database().in(() -> grants.record(received, "user").id());
    }

    private void use(String id) {
        database().run(() -> grants.used(grants.find(id).orElseThrow()));
    }

    private String lastUse() {
        return database().sql("SELECT last_used_at FROM user_grant").get(0).get(0);
    }

    private List<String> unused() {
        return database().in(() -> leftovers.unused(bot()));
    }

    private int history() {
        return database().in(() -> leftovers.dropHistory(bot()));
    }

    private Connector bot() {
        return TestConnectors.ledgerBot(mixin());
    }

    private Provider mixin() {
        return TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow();
    }
}
