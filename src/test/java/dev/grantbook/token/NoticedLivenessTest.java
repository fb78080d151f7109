package dev.grantbook.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.TestGrants;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.TestVaults;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the grants of an account whose provider said that something changed. */
class NoticedLivenessTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final Database database = Database.h2();
    private final TestClock clock = new TestClock();
    private final List<String> done = new ArrayList<>();

    @Test
    @DisplayName("5.2 A dead token of a grant that can be refreshed is replaced; the grant does not end")
    void whatCanBeRefreshedIsRefreshed() {
        look(new Secret[] {new Secret("refresh-1")});

        assertThat(done).containsExactly("replaced a-1");
    }

    @Test
    @DisplayName(
            "5.2 A dead token that cannot be replaced ends its own grant; the account's others are asked about for themselves")
    void withoutARefreshTokenADeadTokenEndsItsGrantAlone() {
        look(null, new Secret("refresh-1"));

        assertThat(done).containsExactly("replaced a-1");
        assertThat(database.sql("SELECT subject, status, reason FROM user_grant ORDER BY subject"))
                .containsExactly(
                        List.of("subject-0", "REVOKED", "TOKEN_REJECTED"), List.of("subject-1", "ACTIVE", "null"));
    }

    private void look(@Nullable Secret... refreshTokens) {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1)");
        var mixin =
                TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow();
        Connector bot = TestConnectors.ledgerBot(mixin);
        TestGrants grants =
                TestGrants.in(database, TestVaults.fresh(), clock, configuration.settings(), new Connectors() {
                    @Override
                    public ClientRegistration registration(Connector connector) {
                        return TestProviders.bot(mixin);
                    }
                });
        grants.beans.with(new ProviderApi() {
            @Override
            public ProbeResult probe(ClientRegistration client, Secret accessToken) {
                return new ProbeResult(new ApiFailure(ApiFailure.Meaning.DEAD, Scopes.NONE), null);
            }
        });
        var made = new ArrayList<Grant>();
        for (Secret refreshToken : refreshTokens) {
            String subject = "subject-" + made.size();
            var token = new TokenResponse(
                    new Secret("access-1"),
                    "Bearer",
                    Duration.ofHours(1),
                    refreshToken,
                    Scopes.of("PROFILE:READ"),
                    null);
            made.add(database.in(() -> grants.record(
                    new Grants.Received(
                            bot.id(),
                            subject,
                            new Account("a-1", "Alice", null),
                            Scopes.of("PROFILE:READ"),
                            token,
                            List.of()),
                    "user")));
        }
        var look = new NoticedLiveness();
        look.executor = atOnce();
        look.accounts = accounts(made);
        look.liveness = TestTokens.liveness(grants, done);

        look.at(List.of(bot), "a-1");
    }

    private static AccountGrants accounts(List<Grant> live) {
        return new AccountGrants() {
            @Override
            public List<Grant> live(Collection<String> connectors, String accountId) {
                return live;
            }
        };
    }

    private static ManagedExecutorService atOnce() {
        return (ManagedExecutorService) Proxy.newProxyInstance(
                NoticedLivenessTest.class.getClassLoader(),
                new Class<?>[] {ManagedExecutorService.class},
                (proxy, method, arguments) -> {
                    ((Runnable) arguments[0]).run();
                    return null;
                });
    }
}
