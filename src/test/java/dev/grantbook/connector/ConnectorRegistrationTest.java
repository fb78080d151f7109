package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.changes.Difference;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.provider.Discovery;
import dev.grantbook.provider.ServerMetadata;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import jakarta.enterprise.event.Startup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A connector that names nothing but an issuer, and what an operator may get wrong in it. */
class ConnectorRegistrationTest {

    private static final String ISSUER = "https://sso.example";

    private static final String BY_ISSUER = """
            connectors:
              company:
                provider: oidc
                client-id: bot-1
                client-secret: env:TEST_COMPANY_SECRET
                issuer: https://sso.example
            """;

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();
    private final Connectors connectors = new Connectors();
    private final ConnectorsFile file = new ConnectorsFile();

    @BeforeEach
    void setUp() throws Exception {
        configuration
                .with("grantbook.public-url", "https://grantbook.example")
                .with("grantbook.data", folder.toString())
                .with("TEST_COMPANY_SECRET", "swordfish");
        Files.writeString(folder.resolve("key.pem"), pem());
        Files.writeString(folder.resolve("nonsense"), "sw0rdfish");
        connectors.settings = configuration.settings();
        connectors.clock = new TestClock();
        connectors.random = new SecureRandom();
        connectors.discovery = new Discovery() {
            @Override
            public ServerMetadata server(String issuer) {
                asked.add(issuer);
                return new ServerMetadata(
                        issuer,
                        Map.of(
                                "authorization", URI.create(issuer + "/authorize"),
                                "token", URI.create(issuer + "/token")),
                        true,
                        Set.of("client_secret_post", "private_key_jwt"),
                        Set.of("RS256"));
            }
        };
        file.settings = connectors.settings;
        file.catalogue = TestProviders.catalogue(connectors.settings);
        file.random = connectors.random;
        file.connectors = new Connectors();
        file.connectors.settings = connectors.settings;
        file.connectors.clock = connectors.clock;
        file.connectors.random = connectors.random;
        file.declarations = new Declarations() {
            @Override
            public Changes store(Map<ConnectorId, String> definitions, Map<String, ApiKeys.Declared> all) {
                return new Changes(Difference.between(Map.of(), Map.of()), Difference.between(Map.of(), Map.of()));
            }
        };
    }

    @Test
    void anIssuerIsEnough() throws IOException {
        declare(BY_ISSUER);

        ClientRegistration client = registration("{}");

        assertThat(client.provider().endpoints().token()).isEqualTo(URI.create("https://sso.example/token"));
        assertThat(client.provider().issuer()).isEqualTo(ISSUER);
        assertThat(client.provider().issuerPromised()).isTrue();
        assertThat(client.authentication()).isEqualTo(ClientAuthentication.BODY);
    }

    @Test
    void theServerIsAskedOnlyWhenATripNeedsIt() throws IOException {
        declare(BY_ISSUER);
        assertThat(asked).isEmpty();

        registration("{}");
        assertThat(asked).containsExactly(ISSUER);
    }

    @Test
    void aConnectorThatNamesItsEndpointsAsksNobody() {
        ClientRegistration client = registration(
                "{\"endpoints\":{\"authorization\":\"https://a.example/a\",\"token\":\"https://a.example/t\"}}");

        assertThat(client.provider().endpoints().token()).isEqualTo(URI.create("https://a.example/t"));
        assertThat(client.provider().issuer()).isEqualTo(ISSUER);
        assertThat(asked).isEmpty();
    }

    @Test
    @DisplayName("2.18 A connector can switch pushed requests off")
    void pushedRequestsCanBeSwitchedOff() throws IOException {
        String endpoints = "\"endpoints\":{\"pushed-authorization\":\"https://sso.example/par\"}";

        assertThat(registration("{" + endpoints + "}").provider().endpoints().pushedAuthorization())
                .isNotNull();
        assertThat(registration("{" + endpoints + ",\"authorization\":{\"pushed\":false}}")
                        .provider()
                        .endpoints()
                        .pushedAuthorization())
                .isNull();
        declare(BY_ISSUER + "    authorization: {pushed: false}\n");
    }

    @ParameterizedTest
    @DisplayName("2.18 offline_access and asking again bring prompt=consent, unless the connector says otherwise")
    @CsvSource({
        "'{}',                                                                    offline_access, false, consent",
        "'{}',                                                                    mail,           false, ",
        "'{}',                                                                    mail,           true,  consent",
        "'{\"authorization\":{\"parameters\":{\"prompt\":\"\"}}}',                offline_access, false, ",
        "'{\"authorization\":{\"parameters\":{\"prompt\":\"login consent\"}}}',   offline_access, false, login consent",
        "'{\"authorization\":{\"again\":{\"prompt\":\"\"}}}',                     mail,           true,  ",
        "'{\"authorization\":{\"again\":{\"prompt\":\"\"}}}',                     offline_access, true,  consent"
    })
    void consentIsAskedForWhereItIsNeeded(String definition, String scope, boolean again, @Nullable String prompt) {
        Parameters request = registration(definition)
                .authorizationRequest(
                        Scopes.of("openid", scope),
                        new Secret("state"),
                        new Pkce(new Secret("v".repeat(43))),
                        again,
                        null);

        assertThat(request.get("prompt")).isEqualTo(prompt);
    }

    @Test
    void theConnectorsOwnWayOfAuthenticatingGoesFirst() {
        assertThat(registration("{\"client-authentication\":\"basic\"}").authentication())
                .isEqualTo(ClientAuthentication.BASIC);
    }

    @Test
    void aKeyIsUsedWhereThereIsOne() {
        assertThat(registration("{\"private-key\":\"file:" + folder + "/key.pem\"}")
                        .authentication())
                .isEqualTo(ClientAuthentication.PRIVATE_KEY_JWT);
    }

    @Test
    void aServerThatDoesNotAnswerIsNotTheConnectorsFault() {
        connectors.discovery = new Discovery() {
            @Override
            public ServerMetadata server(String issuer) {
                throw new ProviderException(ProviderException.FailureKind.UNREACHABLE, "down");
            }
        };

        assertThatExceptionOfType(ProviderException.class).isThrownBy(() -> registration("{}"));
    }

    @Test
    void aPublicClientNeedsNeitherSecretNorKey() throws IOException {
        declare(BY_ISSUER.replace("    client-secret: env:TEST_COMPANY_SECRET\n", ""));

        assertThat(asked).isEmpty();
    }

    static Stream<Arguments> faults() {
        String secret = "client-secret: env:TEST_COMPANY_SECRET";
        return Stream.of(
                arguments(
                        "    issuer: https://sso.example\n",
                        "",
                        ":2: connectors.company.issuer: the provider oidc needs issuer, or authorization and token"),
                arguments(
                        "    issuer: https://sso.example\n",
                        "    endpoints: {authorization: https://a.example/a, token: https://a.example/t}\n",
                        ":2: connectors.company.issuer: needed, since ID tokens must come from there"),
                arguments("issuer: https://sso.example\n", """
                        issuer: https://sso.example
                            endpoints: {authorization: https://a.example/a, token: https://a.example/t}
                        """, ":7: connectors.company.endpoints: jwks is needed"),
                arguments("https://sso.example", "http://sso.example", ":6: connectors.company.issuer: must be https"),
                arguments("https://sso.example", "https:///x", ":6: connectors.company.issuer: an address with a host"),
                arguments(
                        secret,
                        "client-authentication: basic",
                        ":2: connectors.company.client-secret: needed, since the client authenticates with it"),
                arguments(
                        secret,
                        "client-authentication: private-key-jwt",
                        ":2: connectors.company.private-key: needed, since the client authenticates with it"),
                arguments(secret, "private-key: file:${data}/absent", ":5: connectors.company.private-key: "),
                arguments(
                        secret,
                        "private-key: file:${data}/nonsense",
                        ":5: connectors.company.private-key: a private key is wanted"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesFileLineAndKeyOfAFault(String right, String wrong, String message) {
        assertThat(BY_ISSUER).contains(right);

        var refusal =
                catchThrowableOfType(ConfigurationException.class, () -> declare(BY_ISSUER.replace(right, wrong)));

        assertThat(refusal).hasMessageContaining("connectors.yaml" + message).hasMessageNotContaining("sw0rdfish");
    }

    private void declare(String text) throws IOException {
        Path path = Files.writeString(folder.resolve("connectors.yaml"), text);
        file.settings =
                configuration.with("grantbook.connectors.file", path.toString()).settings();
        file.declare(new Startup());
    }

    private ClientRegistration registration(String more) {
        String definition = "{\"provider\":\"oidc\",\"client-id\":\"bot-1\",\"issuer\":\"" + ISSUER
                + "\",\"client-secret\":\"env:TEST_COMPANY_SECRET\""
                + (more.equals("{}") ? "}" : "," + more.substring(1));
        return connectors.registration(
                TestConnectors.of(definition, file.catalogue.find("oidc").orElseThrow()));
    }

    private static String pem() throws Exception {
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
