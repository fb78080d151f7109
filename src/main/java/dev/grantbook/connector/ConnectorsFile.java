package dev.grantbook.connector;

import static dev.grantbook.platform.json.JsonMembers.constant;
import static dev.grantbook.platform.json.JsonMembers.object;
import static dev.grantbook.platform.json.JsonMembers.texts;

import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.Settings.SandboxSettings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.Schema;
import dev.grantbook.platform.json.YamlDocument;
import dev.grantbook.platform.persistence.OptimisticRetry;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operator's declaration of connectors and API keys, {@code grantbook.connectors.file}. It is read at each start,
 * where a fault stops the start, with file, line and key, and whenever somebody says so. With the sandbox on and no
 * file named, the sample bot's file is read.
 */
@ApplicationScoped
public class ConnectorsFile {

    private static final Logger LOG = Logger.getLogger(ConnectorsFile.class.getName());

    @Inject
    Settings settings;

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    Connectors connectors;

    @Inject
    Declarations declarations;

    @Inject
    SecureRandom random;

    boolean sandboxIsBuiltIn = SandboxSettings.isBuiltIn();

    void declare(@Observes @Priority(StartOrder.CONNECTORS) Startup event) {
        if (settings.sandbox().enabled() && !sandboxIsBuiltIn) {
            LOG.warning("grantbook.sandbox.enabled: this WAR has no sandbox; the setting only allows plain http to this"
                    + " machine, which no public host should need");
        }
        reload();
    }

    /**
     * Makes what the file declares now, and nothing else, valid on every node.
     *
     * @throws ConfigurationException naming file, line and key of a fault; nothing is changed then
     */
    public Declarations.Changes reload() {
        Optional<YamlDocument> file = read();
        var definitions = new LinkedHashMap<ConnectorId, String>();
        var keys = new LinkedHashMap<String, ApiKeys.Declared>();
        file.ifPresent(document -> {
            object(document.json(), "connectors").forEach((id, definition) -> {
                check(document, id, definition.asJsonObject());
                definitions.put(new ConnectorId(id), definition.toString());
            });
            object(document.json(), "api-keys").forEach((name, key) -> {
                checkKey(document, name, key.asJsonObject(), definitions.keySet());
                keys.put(name, apiKey(key.asJsonObject()));
            });
        });
        if (servesSandbox()) {
            keys.put("demo", new ApiKeys.Declared(demoKey().hash(), EnumSet.allOf(Permission.class), List.of()));
        }
        // Nodes that start together write the same.
        return OptimisticRetry.again(() -> declarations.store(definitions, keys));
    }

    /**
     * What is in the file.
     *
     * @param file null when there is none, or when it cannot be read at all
     * @param connectors those that are sound
     * @param faults each with file, line and key
     */
    public record Inspection(@Nullable YamlDocument file, List<Connector> connectors, List<String> faults) {

        /** Puts file, line and key before what is said of a connector. */
        public String describe(Connector connector, String key, String message) {
            String pointer = "/connectors/" + connector.id() + (key.isEmpty() ? "" : "/" + key.replace('.', '/'));
            return file == null
                    ? message
                    : String.valueOf(file.error(pointer, message).getMessage());
        }
    }

    /** Finds everything that is wrong in the file, and stores nothing. */
    public Inspection inspect() {
        var connectors = new ArrayList<Connector>();
        var faults = new ArrayList<String>();
        Optional<YamlDocument> file;
        try {
            file = read();
        } catch (ConfigurationException unreadable) {
            return new Inspection(null, connectors, List.of(String.valueOf(unreadable.getMessage())));
        }
        file.ifPresent(document -> {
            JsonObject declared = object(document.json(), "connectors");
            declared.forEach((id, definition) ->
                    tell(faults, () -> connectors.add(check(document, id, definition.asJsonObject()))));
            Set<ConnectorId> known =
                    declared.keySet().stream().map(ConnectorId::new).collect(Collectors.toSet());
            object(document.json(), "api-keys")
                    .forEach((name, key) -> tell(faults, () -> checkKey(document, name, key.asJsonObject(), known)));
        });
        return new Inspection(file.orElse(null), connectors, faults);
    }

    private static void tell(List<String> faults, Runnable check) {
        try {
            check.run();
        } catch (ConfigurationException fault) {
            faults.add(String.valueOf(fault.getMessage()));
        }
    }

    private boolean servesSandbox() {
        return settings.sandbox().enabled() && sandboxIsBuiltIn;
    }

    /** Finds typing errors, which would give a key that works nowhere. */
    private static void checkKey(YamlDocument file, String name, JsonObject key, Set<ConnectorId> known) {
        List<String> named = texts(key, "connectors");
        for (int i = 0; i < named.size(); i++) {
            if (!known.contains(new ConnectorId(named.get(i)))) {
                throw file.error(
                        "/api-keys/" + name + "/connectors/" + i,
                        "no connector \"" + named.get(i) + "\" in this file; there are " + known);
            }
        }
    }

    private static ApiKeys.Declared apiKey(JsonObject key) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        texts(key, "permissions").forEach(permission -> permissions.add(constant(Permission.class, permission)));
        return new ApiKeys.Declared(
                key.getString("hash"),
                permissions,
                texts(key, "connectors").stream().map(ConnectorId::new).toList(),
                key.getInt("requests-per-minute", ApiKeys.Declared.USUAL_LIMIT));
    }

    /** The sample bot's key, made once. */
    private Secret demoKey() {
        Path file = settings.data().resolve("demo-api-key");
        if (!Files.exists(file)) {
            PrivateFile.write(file, "gb_" + Secret.random(random).value());
        }
        return new Secret(PrivateFile.read(file));
    }

    private Optional<YamlDocument> read() {
        Optional<Path> file = settings.connectorsFile();
        if (file.isPresent()) {
            try {
                return Optional.of(parse(file.get().toString(), Files.readString(file.get())));
            } catch (IOException e) {
                throw new ConfigurationException(
                        "grantbook.connectors.file: " + file.get().toAbsolutePath() + " cannot be read", e);
            }
        }
        if (!servesSandbox()) {
            return Optional.empty();
        }
        try (InputStream in =
                Objects.requireNonNull(ConnectorsFile.class.getResourceAsStream(SandboxSettings.SAMPLE))) {
            return Optional.of(parse("sandbox/connectors.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    YamlDocument parse(String name, String text) {
        String filled = text.replace("${public-url}", settings.publicUrl().toString())
                .replace("${data}", settings.data().toString());
        return new YamlDocument(name, filled).check(schema());
    }

    private Connector check(YamlDocument file, String id, JsonObject definition) {
        var check = new Check(file, "/connectors/" + id, settings, connectors);
        Provider provider = provider(file, id, definition);
        check.checkAddresses(definition);
        Connector connector = Connector.from(new ConnectorId(id), true, definition, provider);
        check.checkProvider(connector);
        check.checkSecrets(connector);
        return connector;
    }

    private Provider provider(YamlDocument file, String id, JsonObject definition) {
        String named = definition.getString("provider");
        return catalogue
                .find(named)
                .orElseThrow(() -> file.error(
                        "/connectors/" + id + "/provider",
                        "no provider \"" + named + "\" in the catalogue; there are "
                                + catalogue.all().stream().map(Provider::id).toList()));
    }

    /** Checks what no schema can express of one connector. */
    private record Check(YamlDocument file, String at, Settings settings, Connectors connectors) {

        void checkAddresses(JsonObject definition) {
            List<String> returnUrls = texts(definition, "return-urls");
            for (int i = 0; i < returnUrls.size(); i++) {
                refuse(
                        !ReturnUrls.isSound(returnUrls.get(i)),
                        "/return-urls/" + i,
                        "an absolute address without query, fragment and user is wanted: https, http on localhost,"
                                + " or an app's own scheme");
            }
            Endpoints.check(file, at, definition);
            endpoint("/mirror", definition.getString("mirror", null));
            endpoint("/issuer", definition.getString("issuer", null));
            endpoint("/deliveries/url", object(definition, "deliveries").getString("url", null));
        }

        void checkProvider(Connector connector) {
            Provider provider = connector.provider();
            List<Presentation> presentations = provider.token().presentations();
            refuse(
                    !presentations.contains(provider.presentation()),
                    "/presentation",
                    provider.name() + " offers "
                            + presentations.stream().map(Presentation::wire).toList());
            int length = connector.declaredScopes().toString().length();
            refuse(
                    length > Scopes.LONGEST,
                    "/features",
                    "all scopes together, with those that the provider demands, have " + length
                            + " characters; at most " + Scopes.LONGEST + " fit into one grant");
            Endpoints endpoints = provider.endpoints();
            boolean found = provider.isToBeFound();
            boolean namesIssuer = provider.issuer() != null;
            refuse(
                    found && !namesIssuer,
                    "/issuer",
                    "the provider " + provider.id() + " needs issuer, or authorization and token, to be named here");
            refuse(
                    !found && (endpoints.authorization() == null || endpoints.token() == null),
                    "/endpoints",
                    "the provider " + provider.id() + " needs authorization and token to be named here");
            boolean namesNoAccount =
                    endpoints.account() == null && provider.account().from() == AccountSource.ENDPOINT && !found;
            boolean comparesAccounts = connector.confirmation() == Confirmation.SUBJECT
                    || connector.confirmation() == Confirmation.ACCOUNT;
            refuse(
                    namesNoAccount && (connector.publicStart() || comparesAccounts),
                    "",
                    "public-start and confirmation need an account endpoint, to know whose account it is;"
                            + " only confirmation: code does without");
            refuse(
                    connector.publicStart() && connector.confirmation() == Confirmation.ACCOUNT,
                    "/public-start",
                    "confirmation: account needs an invitation that names the account");
            Provider.IdToken idToken = provider.idToken();
            refuse(
                    idToken != null && provider.idTokenIssuer() == null,
                    "/issuer",
                    "needed, since ID tokens must come from there");
            refuse(
                    idToken != null && !found && idToken.isSignedByKey() && endpoints.jwks() == null,
                    "/endpoints",
                    "jwks is needed, since ID tokens are checked with the keys there");
            refuse(provider.issuerPromised() && !namesIssuer, "/issuer-promised", "issuer must be named too");
        }

        void checkSecrets(Connector connector) {
            Provider provider = connector.provider();
            ClientAuthentication authentication = connector.usualAuthentication();
            // Discovery may find another way.
            boolean open = connector.authentication() == null && provider.isToBeFound();
            refuse(
                    authentication.needsSecret() && connector.clientSecret() == null && !open,
                    "/client-secret",
                    "needed, since the client authenticates with it");
            refuse(
                    authentication == ClientAuthentication.PRIVATE_KEY_JWT && connector.privateKey() == null,
                    "/private-key",
                    "needed, since the client authenticates with it");
            refuse(
                    connector.proofSecret() != null && provider.accountProof() == null,
                    "/proof-secret",
                    provider.name() + " has no account proofs to check with it");
            secret("/client-secret", connector.clientSecret(), secret -> {});
            secret("/verify-token", connector.verifyToken(), secret -> {});
            secret("/proof-secret", connector.proofSecret(), secret -> {});
            secret("/private-key", connector.privateKey(), secret -> connectors.key(connector));
            DeliveryTarget deliveries = connector.deliveries();
            if (deliveries != null) {
                secret("/deliveries/secret", deliveries.secret(), WebhookSecret::read);
                secret("/deliveries/previous-secret", deliveries.previousSecret(), WebhookSecret::read);
            }
        }

        private void secret(String key, @Nullable SecretReference reference, Consumer<Secret> form) {
            try {
                if (reference != null) {
                    form.accept(reference.resolve(settings));
                }
            } catch (ConfigurationException e) {
                throw file.error(at + key, String.valueOf(e.getMessage()));
            }
        }

        private void endpoint(String key, @Nullable String url) {
            if (url != null) {
                file.checkEndpoint(at + key, url);
            }
        }

        private void refuse(boolean wrong, String key, String message) {
            if (wrong) {
                throw file.error(at + key, message);
            }
        }
    }

    private static Schema schema() {
        return new Schema(
                URI.create("urn:grantbook:connectors"),
                Json.readResource("/catalogue/connectors.schema.json"),
                Json.readResource(ProviderCatalogue.SCHEMA));
    }
}
