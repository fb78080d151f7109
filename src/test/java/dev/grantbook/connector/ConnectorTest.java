package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.testing.Configuration;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a bot needs, by what it names. */
class ConnectorTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final Connector bot = TestConnectors.ledgerBot(
            TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow());

    @Test
    void namingNothingNeedsEssentialFeaturesAndWishesForTheRest() {
        Need need = bot.need(List.of(), Scopes.NONE);

        assertThat(need).isEqualTo(bot.need());
        assertThat(need.features()).extracting(Feature::id).containsExactly("portfolio", "contacts");
        assertThat(need.required()).isEqualTo(Scopes.of("PHONE:READ", "ASSETS:READ", "SNAPSHOTS:READ"));
        assertThat(need.optional()).isEqualTo(Scopes.of("COLLECTIBLES:READ", "CONTACTS:READ"));
    }

    @Test
    void aFeatureThatIsNamedIsNeededEssentialOrNot() {
        Need need = bot.need(List.of("contacts"), Scopes.NONE);

        assertThat(need.features()).extracting(Feature::id).containsExactly("contacts");
        assertThat(need.required()).isEqualTo(Scopes.of("CONTACTS:READ"));
        assertThat(need.optional()).isEqualTo(Scopes.of("ASSETS:READ"));
    }

    @Test
    void whatOneFeatureNeedsIsNoWishOfAnother() {
        Need need = bot.need(List.of("contacts", "portfolio"), Scopes.NONE);

        assertThat(need.required()).isEqualTo(Scopes.of("CONTACTS:READ", "ASSETS:READ", "SNAPSHOTS:READ"));
        assertThat(need.optional()).isEqualTo(Scopes.of("COLLECTIBLES:READ"));
    }

    @Test
    void scopesThatAreNamedAreNeeded() {
        Need need = bot.need(List.of(), Scopes.of("STICKER:READ"));

        assertThat(need.features()).isEmpty();
        assertThat(need.required()).isEqualTo(Scopes.of("STICKER:READ"));
        assertThat(need.optional().isEmpty()).isTrue();
    }

    @Test
    void aFeatureThatIsGoneNeedsNothing() {
        assertThat(bot.need(List.of("gone"), Scopes.NONE)).isEqualTo(new Need(List.of(), Scopes.NONE, Scopes.NONE));
        assertThat(bot.feature("gone")).isEmpty();
    }

    @Test
    void aFeatureIsReadyWithItsRequiredScopes() {
        Feature portfolio = bot.feature("portfolio").orElseThrow();

        assertThat(portfolio.isReady(Scopes.of("SNAPSHOTS:READ", "ASSETS:READ")))
                .isTrue();
        assertThat(portfolio.isReady(Scopes.of("ASSETS:READ", "COLLECTIBLES:READ")))
                .isFalse();
    }

    /** The proxy shows tokens to the API: those of a company's own server are nothing for the public one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                        | https://api.github.com",
                "{'revocation': 'https://github.example/revoke'}           | https://api.github.com",
                "{'account': 'https://api.github.com/users/me'}            | https://api.github.com",
                "{'account': 'https://github.example/api/v3/user'}         | ''",
                "{'account': 'https://api.github.com:8443/user'}           | ''",
                "{'account': 'https://x/user'}, 'api': ['https://x/api']   | https://x/api",
                "{}, 'mirror': 'https://mirror.example'                    | https://mirror.example",
                "{'account': 'https://x/user'}, 'mirror': 'https://m.example' | ''"
            })
    void whoseAccountsAreElsewhereHasItsOwnApiOrNone(String endpoints, String api) {
        Connector connector = TestConnectors.of(
                "{'provider':'github','client-id':'bot-1','endpoints':%s}"
                        .formatted(endpoints)
                        .replace('\'', '"'),
                TestProviders.catalogue(configuration.settings()).find("github").orElseThrow());

        assertThat(connector.provider().endpoints().api())
                .isEqualTo(api.isEmpty() ? List.of() : List.of(URI.create(api)));
    }

    @Test
    void declaredIsWhatIsMentionedAndWhatTheProviderDemands() {
        assertThat(bot.declaredScopes())
                .isEqualTo(Scopes.of(
                        "PROFILE:READ",
                        "PHONE:READ",
                        "ASSETS:READ",
                        "SNAPSHOTS:READ",
                        "COLLECTIBLES:READ",
                        "CONTACTS:READ"));
    }
}
