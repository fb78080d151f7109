package dev.grantbook.connector;

import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.Presentation;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.PrivateFile;
import dev.grantbook.platform.config.Settings;
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
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operator's declaration of connectors and API keys, {@code grantbook.connectors.file}. Read at every start; what
 * is wrong in it stops the start, with file, line and key. While the sandbox is on and no file is named, the sample
 * bot's file stands in.
 */
@ApplicationScoped
public class ConnectorsFile {

    /** The sample bot; only WARs with the sandbox have it. */
    private static final String SAMPLE = "/sandbox/connectors.yaml";

    @Inject
    Settings settings;

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    Connectors connectors;

    @Inject
    ApiKeys apiKeys;

    @Inject
    SecureRandom random;

    void declare(@Observes @Priority(StartOrder.CONNECTORS) Startup event) throws IOException {
        if (settings.sandbox().enabled() && ConnectorsFile.class.getResource(SAMPLE) == null) {
            throw new ConfigurationException(
                    "grantbook.sandbox.enabled: this WAR has no sandbox; deploy grantbook-demo.war,"
                            + " or leave the setting out");
        }
        Optional<YamlDocument> file = read();
        var definitions = new LinkedHashMap<String, String>();
        var keys = new LinkedHashMap<String, ApiKeys.Declared>();
        if (file.isPresent()) {
            section(file.get().json(), "connectors").forEach((id, definition) -> {
                check(file.get(), id, definition.asJsonObject());
                definitions.put(id, definition.toString());
            });
            section(file.get().json(), "api-keys").forEach((name, key) -> {
                checkKey(file.get(), name, key.asJsonObject(), definitions.keySet());
                keys.put(name, apiKey(key.asJsonObject()));
            });
        }
        if (settings.sandbox().enabled()) {
            keys.put("demo", new ApiKeys.Declared(demoKey().hash(), EnumSet.allOf(Permission.class), List.of()));
        }
        // Nodes that start together write the same.
        OptimisticRetry.again(() -> connectors.declare(definitions));
        OptimisticRetry.again(() -> apiKeys.declare(keys));
    }

    /** A typing error would give a key that works nowhere, with nothing said. */
    private static void checkKey(YamlDocument file, String name, JsonObject key, Set<String> known) {
        List<String> named = Connector.strings(key.get("connectors"));
        for (int i = 0; i < named.size(); i++) {
            if (!known.contains(named.get(i))) {
                throw file.error(
                        "/api-keys/" + name + "/connectors/" + i,
                        "no connector \"" + named.get(i) + "\" in this file; there are " + known);
            }
        }
    }

    private static ApiKeys.Declared apiKey(JsonObject key) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        Connector.strings(key.get("permissions"))
                .forEach(permission -> permissions.add(Permission.valueOf(permission.toUpperCase(Locale.ROOT))));
        return new ApiKeys.Declared(
                key.getString("hash"),
                permissions,
                Connector.strings(key.get("connectors")),
                key.getInt("requests-per-minute", ApiKeys.Declared.USUAL_LIMIT));
    }

    /** The sample bot's key, written down once for whoever tries Grantbook. */
    private Secret demoKey() {
        Path file = settings.data().resolve("demo-api-key");
        if (!Files.exists(file)) {
            PrivateFile.write(file, "gb_" + Secret.random(random).value());
        }
        return new Secret(PrivateFile.read(file));
    }

    private Optional<YamlDocument> read() throws IOException {
        Optional<Path> file = settings.connectorsFile();
        if (file.isPresent()) {
            if (!Files.isReadable(file.get())) {
                throw new ConfigurationException(
                        "grantbook.connectors.file: " + file.get().toAbsolutePath() + " cannot be read");
            }
            return Optional.of(parse(file.get().toString(), Files.readString(file.get())));
        }
        if (!settings.sandbox().enabled()) {
            return Optional.empty();
        }
        try (InputStream in = resource(SAMPLE)) {
            return Optional.of(parse("sandbox/connectors.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    YamlDocument parse(String name, String text) {
        String filled = text.replace("${public-url}", settings.publicUrl().toString())
                .replace("${data}", settings.data().toString());
        return new YamlDocument(name, filled).check(schema());
    }

    /** What a schema cannot see. */
    private void check(YamlDocument file, String id, JsonObject definition) {
        String at = "/connectors/" + id;
        String providerId = definition.getString("provider");
        Provider provider = catalogue
                .find(providerId)
                .orElseThrow(() -> file.error(
                        at + "/provider",
                        "no provider \"" + providerId + "\" in the catalogue; there are "
                                + catalogue.all().stream().map(Provider::id).toList()));
        int index = 0;
        for (JsonValue url : definition
                .getOrDefault("return-urls", JsonValue.EMPTY_JSON_ARRAY)
                .asJsonArray()) {
            if (!ReturnUrls.isSound(((JsonString) url).getString())) {
                throw file.error(
                        at + "/return-urls/" + index,
                        "an absolute address without query, fragment and user is wanted: https, http on localhost,"
                                + " or an app's own scheme");
            }
            index++;
        }
        if (definition.containsKey("mirror")) {
            file.checkEndpoint(at + "/mirror", definition.getString("mirror"));
        }
        section(definition, "endpoints")
                .forEach((name, url) -> file.checkEndpoint(at + "/endpoints/" + name, ((JsonString) url).getString()));
        if (definition.containsKey("deliveries")) {
            file.checkEndpoint(
                    at + "/deliveries/url",
                    definition.getJsonObject("deliveries").getString("url"));
        }
        List<String> api = Connector.strings(definition.get("api"));
        for (int i = 0; i < api.size(); i++) {
            file.checkEndpoint(at + "/api/" + i, api.get(i));
        }
        Connector connector = Connector.from(id, true, definition, provider);
        Provider.Token token = connector.provider().token();
        if (!token.presentations().contains(token.presentation())) {
            throw file.error(
                    at + "/presentation",
                    provider.name() + " offers "
                            + token.presentations().stream()
                                    .map(Presentation::wire)
                                    .toList());
        }
        int length = connector.declaredScopes().toString().length();
        if (length > Scopes.LONGEST) {
            throw file.error(
                    at + "/features",
                    "all scopes together, with those that the provider demands, have " + length
                            + " characters; at most " + Scopes.LONGEST + " fit into one grant");
        }
        var endpoints = connector.provider().endpoints();
        boolean known = endpoints.authorization() != null && endpoints.token() != null;
        boolean found = !known && provider.discovery();
        if (found && connector.issuer() == null) {
            throw file.error(
                    at + "/issuer",
                    "the provider " + providerId + " needs issuer, or authorization and token, to be named here");
        }
        if (connector.issuer() != null) {
            file.checkEndpoint(at + "/issuer", connector.issuer());
        }
        if (!known && !found) {
            throw file.error(
                    at + "/endpoints",
                    "the provider " + providerId + " needs authorization and token to be named here");
        }
        boolean namesNobody =
                endpoints.account() == null && provider.account().from() == Provider.AccountSource.ENDPOINT && !found;
        boolean comparesAccounts =
                connector.confirmation() == Confirmation.SUBJECT || connector.confirmation() == Confirmation.ACCOUNT;
        if (namesNobody && (connector.publicStart() || comparesAccounts)) {
            throw file.error(
                    at,
                    "public-start and confirmation need an account endpoint, to know whose account it is;"
                            + " only confirmation: code does without");
        }
        if (connector.publicStart() && connector.confirmation() == Confirmation.ACCOUNT) {
            throw file.error(at + "/public-start", "confirmation: account needs an invitation that names the account");
        }
        Provider.IdToken idToken = provider.idToken();
        if (idToken != null && idToken.issuer() == null && connector.issuer() == null) {
            throw file.error(at + "/issuer", "needed, since ID tokens must come from there");
        }
        if (idToken != null && !found && idToken.isSignedByKey() && endpoints.jwks() == null) {
            throw file.error(at + "/endpoints", "jwks is needed, since ID tokens are checked with the keys there");
        }
        if (connector.issuerPromised() && connector.issuer() == null) {
            throw file.error(at + "/issuer-promised", "issuer must be named too");
        }
        checkSecrets(file, at, connector, found);
    }

    /** @param found whether the server says how clients authenticate */
    private void checkSecrets(YamlDocument file, String at, Connector connector, boolean found) {
        ClientAuthentication authentication = connector.authentication() == null
                ? connector.provider().token().authentication()
                : connector.authentication();
        boolean open = found && connector.authentication() == null;
        if (authentication.needsSecret() && connector.clientSecret() == null && !open) {
            throw file.error(at + "/client-secret", "needed, since the client authenticates with it");
        }
        if (authentication == ClientAuthentication.PRIVATE_KEY_JWT && connector.privateKey() == null) {
            throw file.error(at + "/private-key", "needed, since the client authenticates with it");
        }
        checkSecret(file, at + "/client-secret", connector.clientSecret());
        checkSecret(file, at + "/verify-token", connector.verifyToken());
        if (connector.proofSecret() != null && connector.provider().accountProof() == null) {
            throw file.error(
                    at + "/proof-secret", connector.provider().name() + " has no account proofs to check with it");
        }
        checkSecret(file, at + "/proof-secret", connector.proofSecret());
        DeliveryTarget deliveries = connector.deliveries();
        if (deliveries != null) {
            checkDeliverySecret(file, at + "/deliveries/secret", deliveries.secret());
            checkDeliverySecret(file, at + "/deliveries/previous-secret", deliveries.previousSecret());
        }
        try {
            connectors.key(connector);
        } catch (ConfigurationException e) {
            throw file.error(at + "/private-key", String.valueOf(e.getMessage()));
        }
    }

    private void checkSecret(YamlDocument file, String at, @Nullable SecretReference reference) {
        try {
            if (reference != null) {
                reference.resolve(settings);
            }
        } catch (ConfigurationException e) {
            throw file.error(at, String.valueOf(e.getMessage()));
        }
    }

    private void checkDeliverySecret(YamlDocument file, String at, @Nullable SecretReference reference) {
        try {
            if (reference != null) {
                WebhookSecret.read(reference.resolve(settings));
            }
        } catch (ConfigurationException e) {
            throw file.error(at, String.valueOf(e.getMessage()));
        }
    }

    private static JsonObject section(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
    }

    static Schema schema() {
        try (var reader = Json.createReader(resource("/catalogue/connectors.schema.json"))) {
            return new Schema(URI.create("urn:grantbook:connectors"), reader.readObject());
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ConnectorsFile.class.getResourceAsStream(name), name);
    }
}
