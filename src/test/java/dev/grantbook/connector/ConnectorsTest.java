package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import jakarta.inject.Inject;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What holds for connectors in every database. */
@OnDatabases
class ConnectorsTest {

    private static final String WALLET = definition("mixin", "bot-1");
    private static final String DIARY = definition("oauth2", "bot-2");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @Parameter
    Database database;

    @Inject
    Connectors connectors;

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.public-url", "https://grantbook.example/books/");
        database.clear();
    }

    @Test
    void whatIsDeclaredIsThereInTheOrderOfTheIds() {
        declare("wallet", WALLET, "diary", DIARY);

        assertThat(database.in(connectors::all))
                .extracting(Connector::id)
                .containsExactly(new ConnectorId("diary"), new ConnectorId("wallet"));
        assertThat(find("wallet").enabled()).isTrue();
        assertThat(find("wallet").provider().id()).isEqualTo("mixin");
        assertThat(database.in(() -> connectors.find(new ConnectorId("absent"))))
                .isEmpty();
    }

    @Test
    void nodesThatStartTogetherDeclareTheSame() {
        database.together(5, () -> {
            OptimisticRetry.again(() -> database.run(() ->
                    connectors.declare(Map.of(new ConnectorId("wallet"), WALLET, new ConnectorId("diary"), DIARY))));
            return true;
        });

        assertThat(database.in(connectors::all)).hasSize(2);
    }

    @Test
    void whatIsNoLongerDeclaredIsDisabledAndKept() {
        declare("wallet", WALLET, "diary", DIARY);
        find("diary");

        declare("wallet", WALLET);

        assertThat(find("diary").enabled()).isFalse();
        assertThat(find("wallet").enabled()).isTrue();
        assertThat(database.in(connectors::all)).hasSize(2);
    }

    @Test
    void whatIsDeclaredAgainIsEnabledAgain() {
        declare("diary", DIARY);
        declare();
        assertThat(find("diary").enabled()).isFalse();

        declare("diary", DIARY);

        assertThat(find("diary").enabled()).isTrue();
    }

    @Test
    void whatChangesIsSeenAtOnce() {
        declare("wallet", WALLET);
        assertThat(find("wallet").clientId()).isEqualTo("bot-1");

        declare("wallet", definition("mixin", "bot-9"));

        assertThat(find("wallet").clientId()).isEqualTo("bot-9");
    }

    @Test
    void aConnectorWhoseProviderIsGoneIsNotThere() {
        declare("wallet", definition("gone", "bot-1"), "diary", DIARY);

        assertThat(database.in(() -> connectors.find(new ConnectorId("wallet"))))
                .isEmpty();
        assertThat(database.in(connectors::all)).extracting(Connector::id).containsExactly(new ConnectorId("diary"));
    }

    @Test
    void eachConnectorSaysForHowLongItsDataIsKeptAlsoWhenItsProviderIsGone() {
        declare(
                "wallet",
                definition("gone", "bot-1").replace("}", ",\"retention\":{\"unused\":\"P2W\"}}"),
                "diary",
                DIARY);

        var usual = new RetentionPeriods(Period.ofDays(180), Period.ofYears(2), Period.ofDays(30), Period.ofDays(30));
        assertThat(database.in(connectors::retentions))
                .containsOnly(
                        Map.entry(new ConnectorId("diary"), usual),
                        Map.entry(
                                new ConnectorId("wallet"),
                                new RetentionPeriods(
                                        Period.ofDays(14), usual.history(), usual.attempts(), usual.invitations())));
        assertThat(find("diary").retention()).isEqualTo(usual);
    }

    @Test
    void eachConnectorHasARedirectUriOfItsOwn() {
        declare("wallet", WALLET, "diary", DIARY);

        assertThat(connectors.redirectUri(find("wallet")))
                .hasToString("https://grantbook.example/books/oauth/callback/wallet");
        assertThat(connectors.redirectUri(find("diary")))
                .hasToString("https://grantbook.example/books/oauth/callback/diary");
    }

    @Test
    void theSecretIsReadWhenItIsNeededAndNeverKept() {
        declare("wallet", WALLET);
        configuration.with("TEST_WALLET_SECRET", "swordfish");

        assertThat(Objects.requireNonNull(
                                connectors.registration(find("wallet")).clientSecret())
                        .value())
                .isEqualTo("swordfish");
        assertThat(database.sql("SELECT * FROM connector").toString()).doesNotContain("swordfish");
    }

    private void declare(String... idsAndDefinitions) {
        Map<ConnectorId, String> all = new LinkedHashMap<>();
        for (int i = 0; i < idsAndDefinitions.length; i += 2) {
            all.put(new ConnectorId(idsAndDefinitions[i]), idsAndDefinitions[i + 1]);
        }
        database.run(() -> connectors.declare(all));
    }

    private Connector find(String id) {
        return database.in(() -> connectors.find(new ConnectorId(id)).orElseThrow());
    }

    private static String definition(String provider, String clientId) {
        return "{\"provider\":\"" + provider + "\",\"client-id\":\"" + clientId
                + "\",\"client-secret\":\"env:TEST_WALLET_SECRET\"}";
    }
}
