package dev.grantbook.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Sample;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;

/** What becomes of the grants of an account whose provider said that something changed. */
@OnDatabases(h2 = false)
class NoticedLivenessTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TestBean
    final Issuer issuer = new Issuer();

    @TestBean
    final ProviderApi api = new ProviderApi() {
        @Override
        public ProbeResult probe(ClientRegistration client, Secret accessToken) {
            return new ProbeResult(new ApiFailure(ApiFailure.Meaning.DEAD, Scopes.NONE), null);
        }
    };

    @TestBean
    final TestJobs jobs = new TestJobs();

    @TestBean
    final Connectors connectors = new Connectors() {
        @Override
        public Optional<Connector> find(ConnectorId id) {
            return Optional.of(bot);
        }

        @Override
        public ClientRegistration registration(Connector connector) {
            return TestProviders.bot(mixin);
        }
    };

    @Inject
    GrantIssuing issuing;

    @Parameter
    Database database;

    private final Provider mixin =
            TestProviders.catalogue(configuration.settings()).find("mixin").orElseThrow();
    private final Connector bot = TestConnectors.ledgerBot(mixin);

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('ledger-bot', '{}', TRUE, 1)");
    }

    @Test
    @DisplayName("5.2 A dead token of a grant that can be refreshed is replaced; the grant does not end")
    void whatCanBeRefreshedIsRefreshed() {
        record(sample("alice").refresh("refresh-0"));

        look();

        assertThat(issuer.shown()).containsExactly("refresh-0");
        assertThat(database.sql("SELECT status, reason FROM user_grant")).containsExactly(List.of("ACTIVE", "null"));
    }

    @Test
    @DisplayName(
            "5.2 A dead token that cannot be replaced ends its own grant; the account's others are asked about for themselves")
    void withoutARefreshTokenADeadTokenEndsItsGrantAlone() {
        record(sample("alice"));
        record(sample("bob").refresh("refresh-0"));

        look();

        assertThat(issuer.shown()).containsExactly("refresh-0");
        assertThat(database.sql("SELECT subject, status, reason FROM user_grant ORDER BY subject"))
                .containsExactly(List.of("alice", "REVOKED", "TOKEN_REJECTED"), List.of("bob", "ACTIVE", "null"));
    }

    private static Sample sample(String subject) {
        return new Sample()
                .connector("ledger-bot")
                .subject(subject)
                .account("a-1")
                .token("access-0")
                .expiresIn(Duration.ofHours(1));
    }

    private void record(Sample sample) {
        issuing.record(sample.received(), "user", null, null);
    }

    private void look() {
        NoticedLiveness look = Beans.another(NoticedLiveness.class);
        look.executor = atOnce();
        look.at(List.of(bot), "a-1");
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
