package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.changes.Difference;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.testing.Configuration;
import jakarta.enterprise.event.Startup;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator writes is taken as a whole, or refused with file, line and key. */
class ConnectorsFileTest {

    private static final String KEY_HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String SOUND = """
            connectors:
              wallet:
                name: {en: Wallet, zh: 钱包}
                provider: mixin
                client-id: bot-1
                client-secret: env:TEST_WALLET_SECRET
                public-start: true
                return-urls:
                  - https://bot.example/chat
                features:
                  portfolio:
                    name: Portfolio
                    reason: To add it up.
                    required: [ASSETS:READ]
              company:
                provider: oauth2
                client-id: bot-2
                client-secret: env:TEST_WALLET_SECRET
                endpoints:
                  authorization: https://sso.example/authorize
                  token: https://sso.example/token
            api-keys:
              bot:
                hash: %s
                permissions: [invite, status]
                connectors: [wallet]
            """.formatted(KEY_HASH);

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path folder;

    private final Map<String, String> declared = new HashMap<>();
    private final Map<String, ApiKeys.Declared> keys = new HashMap<>();
    private final ConnectorsFile file = new ConnectorsFile();

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.data", folder.toString()).with("TEST_WALLET_SECRET", "swordfish");
        file.settings = configuration.settings();
        file.catalogue = TestProviders.catalogue(file.settings);
        file.random = new SecureRandom();
        file.connectors = new Connectors();
        file.declarations = new Declarations() {
            @Override
            public Changes store(Map<ConnectorId, String> definitions, Map<String, ApiKeys.Declared> all) {
                definitions.forEach((id, definition) -> declared.put(id.value(), definition));
                keys.putAll(all);
                return new Changes(Difference.between(Map.of(), Map.of()), Difference.between(Map.of(), Map.of()));
            }
        };
    }

    @Test
    @DisplayName("2.19 More scopes than fit into one grant are refused at the start, not at the user")
    void moreScopesThanFitAreRefused() throws IOException {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> declare(company(17)))
                .withMessageContaining("connectors.company.features")
                .withMessageContaining("at most 16384 fit");
        declare(company(15));
        assertThat(declared).containsOnlyKeys("company");
    }

    /** A connector with so many times 1024 characters of scopes. */
    private static String company(int blocks) {
        String scopes = IntStream.range(0, blocks * 8)
                .mapToObj(number -> "s" + (100 + number) + "x".repeat(123))
                .collect(Collectors.joining(", "));
        return """
                connectors:
                  company:
                    provider: oauth2
                    client-id: bot-2
                    client-secret: env:TEST_WALLET_SECRET
                    endpoints:
                      authorization: https://sso.example/authorize
                      token: https://sso.example/token
                    features:
                      all:
                        name: All
                        reason: To do it all.
                        required: [%s]
                """.formatted(scopes);
    }

    @Test
    void declaresConnectorsAndKeys() throws IOException {
        declare(SOUND);

        assertThat(declared).containsOnlyKeys("wallet", "company");
        assertThat(keys)
                .isEqualTo(Map.of(
                        "bot",
                        new ApiKeys.Declared(
                                KEY_HASH,
                                EnumSet.of(Permission.INVITE, Permission.STATUS),
                                List.of(new ConnectorId("wallet")))));
        Connector wallet = connector("wallet", "mixin");
        assertThat(wallet.publicStart()).isTrue();
        assertThat(wallet.confirmation()).isEqualTo(Confirmation.NONE);
        assertThat(wallet.features()).singleElement().returns(true, Feature::essential);
        assertThat(wallet.returnUrls().allow("https://bot.example/chat/7")).isTrue();
    }

    @Test
    void keepsNoSecretInADefinition() throws IOException {
        declare(SOUND);

        assertThat(declared.toString()).contains("env:TEST_WALLET_SECRET").doesNotContain("swordfish");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(
                        "    provider: mixin",
                        "    provider: mixin\n    scope: x",
                        ":5: connectors.wallet.scope: unknown key"),
                arguments(
                        "provider: mixin",
                        "provider: mixim",
                        ":4: connectors.wallet.provider: no provider \"mixim\" in the catalogue; there are ["),
                arguments("    provider: mixin\n", "", ":2: connectors.wallet.provider: missing"),
                arguments(
                        "    provider: mixin",
                        "    provider: xeno\n    presentation: ed25519-jwt",
                        ":5: connectors.wallet.presentation: Xeno offers [bearer]"),
                arguments(
                        "    provider: mixin",
                        "    provider: mixin\n    presentation: signed",
                        ":5: connectors.wallet.presentation: must be one of"),
                arguments(
                        "client-id: bot-1",
                        "client-id: 1",
                        ":5: connectors.wallet.client-id: must be of type string, not integer"),
                arguments("client-id: bot-1", "client-id: ''", ":5: connectors.wallet.client-id: must not be empty"),
                arguments("  wallet:", "  Wallet:", ":1: connectors: the key \"Wallet\" does not have the form"),
                arguments(
                        "client-secret: env:TEST_WALLET_SECRET\n    public",
                        "client-secret: sw0rdfish\n    public",
                        ":6: connectors.wallet.client-secret: does not have the form"),
                arguments(
                        "client-secret: env:TEST_WALLET_SECRET\n    public",
                        "client-secret: env:TEST_ABSENT\n    public",
                        ":6: connectors.wallet.client-secret: the secret env:TEST_ABSENT is not set or empty"),
                arguments(
                        "client-secret: env:TEST_WALLET_SECRET\n    public",
                        "client-secret: file:/absent/secret\n    public",
                        ":6: connectors.wallet.client-secret: /absent/secret cannot be read"),
                arguments(
                        "public-start: true",
                        "public-start: maybe",
                        ":7: connectors.wallet.public-start: must be of type boolean"),
                arguments(
                        "public-start: true",
                        "public-start: true\n    confirmation: account",
                        ":7: connectors.wallet.public-start: "),
                arguments(
                        "public-start: true",
                        "issuer-promised: true",
                        ":7: connectors.wallet.issuer-promised: issuer must be named too"),
                arguments(
                        "public-start: true",
                        "proof-secret: env:TEST_WALLET_SECRET",
                        ":7: connectors.wallet.proof-secret: Mixin Messenger has no account proofs"),
                arguments(
                        "provider: oauth2\n    client-id: bot-2",
                        "provider: telegram\n    proof-secret: env:TEST_ABSENT\n    client-id: bot-2",
                        ":17: connectors.company.proof-secret: the secret env:TEST_ABSENT is not set or empty"),
                arguments(
                        "https://bot.example/chat", "http://bot.example/chat", ":9: connectors.wallet.return-urls.0: "),
                arguments(
                        "https://bot.example/chat", "https://bot.example/a b", ":9: connectors.wallet.return-urls.0: "),
                arguments("https://bot.example/chat", "javascript:alert(1)", ":9: connectors.wallet.return-urls.0: "),
                arguments(
                        "required: [ASSETS:READ]",
                        "required: [\"ASSETS READ\"]",
                        ":14: connectors.wallet.features.portfolio.required.0: "),
                arguments(
                        "required: [ASSETS:READ]",
                        "required: ASSETS:READ",
                        ":14: connectors.wallet.features.portfolio.required: must be of type array"),
                arguments(
                        "        reason: To add it up.\n",
                        "",
                        ":11: connectors.wallet.features.portfolio.reason: missing"),
                arguments(
                        "      token: https://sso.example/token\n",
                        "",
                        ":15: connectors.company.issuer: the provider oauth2 needs issuer, or authorization and token,"),
                arguments(
                        "https://sso.example/token",
                        "http://sso.example/token",
                        ":21: connectors.company.endpoints.token: "),
                arguments(
                        "https://sso.example/token",
                        "https://sso example/token",
                        ":21: connectors.company.endpoints.token: "),
                arguments(
                        "https://sso.example/token",
                        "https://sso.example/%zz",
                        ":21: connectors.company.endpoints.token: "),
                arguments(
                        "    endpoints:\n",
                        "    public-start: true\n    endpoints:\n",
                        ":15: connectors.company: public-start and confirmation need an account endpoint"),
                arguments(
                        "    endpoints:\n",
                        "    confirmation: subject\n    endpoints:\n",
                        ":15: connectors.company: public-start and confirmation need an account endpoint"),
                arguments(
                        "    public-start: true",
                        "    deliveries: {secret: env:TEST_WALLET_SECRET}\n    public-start: true",
                        ":7: connectors.wallet.deliveries.url: missing"),
                arguments(
                        "    public-start: true",
                        "    deliveries: {url: https://bot.example/told}\n    public-start: true",
                        ":7: connectors.wallet.deliveries.secret: missing"),
                arguments(
                        "    public-start: true",
                        "    deliveries: {url: http://bot.example/told, secret: env:TEST_WALLET_SECRET}\n"
                                + "    public-start: true",
                        ":7: connectors.wallet.deliveries.url: must be https"),
                arguments(
                        "    public-start: true",
                        "    deliveries: {url: https://bot.example/told, secret: env:TEST_WALLET_SECRET}\n"
                                + "    public-start: true",
                        ":7: connectors.wallet.deliveries.secret: a secret for deliveries is whsec_ and the base64 of"),
                arguments(
                        "    public-start: true",
                        "    deliveries: {url: https://bot.example/told, secret: env:TEST_NOT_SET}\n"
                                + "    public-start: true",
                        ":7: connectors.wallet.deliveries.secret: the secret env:TEST_NOT_SET is not set or empty"),
                arguments(
                        "    public-start: true",
                        "    retention: {unused: PT12H}\n    public-start: true",
                        ":7: connectors.wallet.retention.unused: does not have the form"),
                arguments(
                        "    public-start: true",
                        "    retention: {history: P0D}\n    public-start: true",
                        ":7: connectors.wallet.retention.history: does not have the form"),
                arguments(
                        "    public-start: true",
                        "    retention: {attempts: 30}\n    public-start: true",
                        ":7: connectors.wallet.retention.attempts: "),
                arguments(
                        "    public-start: true",
                        "    retention: {invitations: P1Y6M}\n    public-start: true",
                        ":7: connectors.wallet.retention.invitations: does not have the form"),
                arguments(
                        "    public-start: true",
                        "    retention: {tokens: P1D}\n    public-start: true",
                        ":7: connectors.wallet.retention.tokens: "),
                arguments("hash: ba", "hash: BA", ":24: api-keys.bot.hash: does not have the form"),
                arguments(
                        "[invite, status]",
                        "[invite, admin]",
                        ":25: api-keys.bot.permissions.1: must be one of invite, status, token"),
                arguments("[invite, status]", "[]", ":25: api-keys.bot.permissions: must not be empty"),
                arguments("connectors: [wallet]", "connectors: [walet]", ":26: api-keys.bot.connectors.0: "));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesFileLineAndKeyOfAFault(String right, String wrong, String message) throws IOException {
        assertThat(SOUND).contains(right);
        String text = SOUND.replace(right, wrong);
        Path path = write(text);

        var refusal = catchThrowableOfType(ConfigurationException.class, () -> file.declare(new Startup()));

        assertThat(refusal).hasMessageStartingWith(path + message).hasMessageNotContaining("sw0rdfish");
        assertThat(declared).isEmpty();
        assertThat(keys).isEmpty();
    }

    @Test
    void fillsInWhereItRuns() throws IOException {
        configuration.with("grantbook.public-url", "http://localhost:9999/");
        Files.writeString(folder.resolve("secret"), "swordfish\n");

        declare(SOUND.replace("https://bot.example/chat", "${public-url}/chat")
                .replace("env:TEST_WALLET_SECRET", "file:${data}/secret"));

        assertThat(declared.get("wallet"))
                .contains("http://localhost:9999/chat", "file:" + folder + "/secret")
                .doesNotContain("${");
    }

    @Test
    void namesTheSettingWhenTheFileIsNotThere() {
        file.settings = configuration
                .with("grantbook.connectors.file", folder.resolve("absent.yaml").toString())
                .settings();

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> file.declare(new Startup()))
                .withMessageStartingWith("grantbook.connectors.file: ")
                .withMessageContaining("absent.yaml");
    }

    @Test
    void declaresNothingWithoutAFile() throws IOException {
        file.declare(new Startup());

        assertThat(declared).isEmpty();
        assertThat(keys).isEmpty();
    }

    @Test
    void inAWarWithoutTheSandboxItsSettingBringsNeitherTheSampleBotNorItsKey() throws IOException {
        file.settings = configuration.with("grantbook.sandbox.enabled", "true").settings();
        file.sandboxIsBuiltIn = false;

        file.declare(new Startup());

        assertThat(declared).isEmpty();
        assertThat(keys).isEmpty();
    }

    @Test
    void theSandboxBringsTheSampleBotAndAKeyThatStaysTheSame() throws IOException {
        file.settings = configuration.with("grantbook.sandbox.enabled", "true").settings();
        Files.writeString(folder.resolve("sandbox-client-secret"), "swordfish");

        file.declare(new Startup());
        ApiKeys.Declared first = keys.get("demo");
        file.declare(new Startup());

        assertThat(declared).containsKey("demo-mixin");
        assertThat(keys.get("demo"))
                .isEqualTo(first)
                .returns(EnumSet.allOf(Permission.class), ApiKeys.Declared::permissions);
        assertThat(Files.readString(folder.resolve("demo-api-key"))).startsWith("gb_");
    }

    private Connector connector(String id, String provider) {
        try (var reader = Json.createReader(new StringReader(String.valueOf(declared.get(id))))) {
            return Connector.from(
                    new ConnectorId(id),
                    true,
                    reader.readObject(),
                    file.catalogue.find(provider).orElseThrow());
        }
    }

    private void declare(String text) throws IOException {
        write(text);
        file.declare(new Startup());
    }

    private Path write(String text) throws IOException {
        Path path = Files.writeString(folder.resolve("connectors.yaml"), text);
        file.settings =
                configuration.with("grantbook.connectors.file", path.toString()).settings();
        return path;
    }
}
