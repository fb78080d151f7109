package dev.grantbook.grant.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Sample;
import dev.grantbook.grant.installation.Installations.InstallationCursor;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.TypedId;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bot is installed where at least one of its tokens lives; in every database. */
@OnDatabases
class InstallationsTest {

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    Grants grants;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    Installations installations;

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1), ('diary', '{}', TRUE, 1)");
    }

    @Test
    void everyMemberOfATeamCountsForOneInstallation() {
        Instant first = clock.instant();
        record(new Sample().subject("alice").account("u-1").installation("team", "Acme"));
        clock.advance(Duration.ofHours(1));
        record(new Sample().subject("bob").account("u-2").installation("team", "Acme"));

        assertThat(all(null, null))
                .extracting(Installation::connector, Installation::id, Installation::name, Installation::grants)
                .containsExactly(tuple(new ConnectorId("wallet"), "team", "Acme", 2L));
        assertThat(all(null, null).get(0).since()).isEqualTo(first);
        assertThat(all(null, null).get(0).verifiedAt()).isEqualTo(clock.instant());
    }

    @Test
    void theBotIsGoneWithItsLastToken() {
        Grant alice = record(new Sample().subject("alice").account("u-1").installation("team", "Acme"));
        Grant bob = record(new Sample().subject("bob").account("u-2").installation("team", "Acme"));

        end(alice);
        assertThat(all(null, null)).extracting(Installation::grants).containsExactly(1L);
        end(bob);
        assertThat(all(null, null)).isEmpty();
    }

    @Test
    void aTokenThatHasExpiredKeepsNothingInstalled() {
        record(new Sample().expiresIn(Duration.ofMinutes(5)));
        assertThat(all(null, null)).hasSize(1);

        clock.advance(Duration.ofMinutes(5));
        assertThat(all(null, null)).isEmpty();
    }

    @Test
    void withoutATeamTheAccountItselfIsWhereTheBotIs() {
        record(new Sample().account("a-1"));
        record(new Sample().subject("nobody").account(""));

        assertThat(all(null, null)).extracting(Installation::id).containsExactly("a-1");
    }

    @Test
    void aListCanBeAboutOneConnectorOrOneAccount() {
        record(new Sample().account("a-1"));
        record(new Sample().account("a-2"));
        record(new Sample().connector("diary").account("a-1"));

        assertThat(all("diary", null)).extracting(Installation::id).containsExactly("a-1");
        assertThat(all(null, "a-1"))
                .extracting(Installation::connector)
                .containsExactly(new ConnectorId("diary"), new ConnectorId("wallet"));
        assertThat(all("wallet", "a-3")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void pagesTogetherHaveEveryInstallationOnce(int limit) {
        var expected = new ArrayList<String>();
        for (String connector : List.of("diary", "wallet")) {
            for (String id : List.of("A", "Z", "a", "ä b")) {
                record(new Sample().connector(connector).subject(id).account(id));
                expected.add(connector + "/" + id);
            }
        }

        var found = new ArrayList<String>();
        InstallationCursor after = null;
        do {
            Installations.InstallationPage part = page(null, null, after, limit);
            part.installations().forEach(one -> found.add(one.connector() + "/" + one.id()));
            after = part.next() == null
                    ? null
                    : InstallationCursor.parse(part.next().cursor()).orElseThrow();
        } while (after != null && found.size() <= expected.size());

        assertThat(found).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "d2FsbGV0", "IHg", "d2FsbGV0IAA"})
    void anotherTextIsNoPlace(String cursor) {
        assertThat(InstallationCursor.parse(cursor)).isEmpty();
    }

    private Grant record(Sample sample) {
        return database.in(() -> issuing.record(sample.received(), "user", null, null));
    }

    private void end(Grant grant) {
        assertThat(database.in(() -> ending.disconnect(grant.id(), "user", any -> {})))
                .isNotEmpty();
    }

    private List<Installation> all(@Nullable String connector, @Nullable String id) {
        return page(connector, id, null, 100).installations();
    }

    private Installations.InstallationPage page(
            @Nullable String connector, @Nullable String id, @Nullable InstallationCursor after, int limit) {
        return database.in(() ->
                installations.page(TypedId.parse(connector, ConnectorId::new).orElse(null), id, after, limit));
    }
}
