package dev.grantbook.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.TestHttp;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Introspection (RFC 7662), at a standard server that nobody here wrote and at one that misbehaves. */
class StandardServerTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    private final MockOAuth2Server server = new MockOAuth2Server(new OAuth2Config(false));
    private final Discovery discovery = new Discovery();
    private final ProviderApi api = new ProviderApi();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        server.start(InetAddress.getLoopbackAddress(), 0);
        discovery.http = TestHttp.with(configuration.settings());
        discovery.clock = new TestClock();
        api.http = discovery.http;
    }

    @AfterEach
    void stop() {
        server.shutdown();
    }

    @Test
    void aServerWithoutAnAccountEndpointTellsWhetherATokenLives() {
        ClientRegistration client = found("default");
        Secret alive = token("default", Map.of("scope", "mail.read openid"));

        ProbeResult result = api.probe(client, alive);

        assertThat(result.isDead()).isFalse();
        assertThat(result.scopes()).isEqualTo(Scopes.of("mail.read", "openid"));
    }

    @Test
    void aTokenOfAnotherIssuerIsDead() {
        assertThat(api.probe(found("default"), token("other", Map.of())).isDead())
                .isTrue();
        assertThat(api.probe(found("default"), new Secret("x")).isDead()).isTrue();
    }

    /** A server that refuses us says nothing about the token, and no grant may end for it. */
    @Test
    void aClientThatTheServerDoesNotKnowIsNotADeadToken() {
        ClientRegistration client = found("default");
        var stranger = client.with(client.provider(), ClientAuthentication.NONE);

        assertThat(catchThrowableOfType(ProviderException.class, () -> api.probe(stranger, token("default", Map.of()))))
                .returns(FailureKind.REFUSED, ProviderException::kind)
                .hasMessageContaining("invalid_client");
    }

    @Test
    void anAnswerThatIsNoneIsNotADeadToken() {
        for (String body : List.of("", "<html>", "[]")) {
            try (var broken = Loopback.json(200, body)) {
                Provider elsewhere = found("default")
                        .provider()
                        .with(new Endpoints(
                                Map.of("introspection", broken.address().resolve("/introspect")), List.of()));
                assertThat(catchThrowableOfType(
                                        ProviderException.class,
                                        () -> api.probe(TestProviders.bot(elsewhere), new Secret("t0ken")))
                                .kind())
                        .isEqualTo(FailureKind.MALFORMED);
            }
        }
    }

    @Test
    void onlyAPlainYesMeansAlive() {
        for (String body : List.of("{}", "{\"active\":false}", "{\"active\":\"true\"}", "{\"active\":1}")) {
            try (var odd = Loopback.json(200, body)) {
                Provider elsewhere = found("default")
                        .provider()
                        .with(new Endpoints(
                                Map.of("introspection", odd.address().resolve("/introspect")), List.of()));
                assertThat(api.probe(TestProviders.bot(elsewhere), new Secret("t0ken"))
                                .isDead())
                        .as(body)
                        .isTrue();
            }
        }
    }

    private ClientRegistration found(String issuer) {
        ServerMetadata all = discovery.server(server.issuerUrl(issuer).toString());
        Map<String, URI> endpoints = new TreeMap<>(all.endpoints());
        endpoints.remove("account");
        var withoutAccount = new ServerMetadata(
                all.issuer(), endpoints, all.issuerPromised(), all.clientAuthentications(), all.idTokenAlgorithms());
        Provider oidc = withoutAccount.complete(TestProviders.catalogue(configuration.settings())
                .find("oidc")
                .orElseThrow()
                .withIssuer(all.issuer(), false));
        return TestProviders.bot(oidc);
    }

    private Secret token(String issuer, Map<String, Object> claims) {
        return new Secret(server.issueToken(issuer, "ann", "api", claims, 3600).serialize());
    }
}
