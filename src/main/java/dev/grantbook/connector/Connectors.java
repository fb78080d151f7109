package dev.grantbook.connector;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.changes.Difference;
import dev.grantbook.platform.changes.RowCache;
import dev.grantbook.platform.changes.RowChanges;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.Reading;
import dev.grantbook.provider.Discovery;
import dev.grantbook.provider.ServerMetadata;
import dev.grantbook.provider.client.ClientKey;
import dev.grantbook.provider.client.ClientRegistration;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All connectors, also those that are no longer declared. */
@ApplicationScoped
public class Connectors {

    /** How many connectors a node keeps in memory. */
    private static final int MOST_KNOWN = 10_000;

    private final Map<ConnectorId, Parsed> parsed = new ConcurrentHashMap<>();

    private final Map<ConnectorId, ReadKey> keys = new ConcurrentHashMap<>();

    @PersistenceContext
    EntityManager entities;

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    Discovery discovery;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    @Inject
    RowChanges changes;

    @Inject
    Reading reading;

    @SuppressWarnings("NullAway.Init") // made before the first call
    private RowCache<ConnectorId, Connector> known;

    @PostConstruct
    void prepare() {
        known = new RowCache<>(changes, "connector", change -> null, MOST_KNOWN, (id, connector) -> 1);
    }

    private record Parsed(long version, Connector connector) {}

    private record ReadKey(Secret text, ClientKey key) {}

    public Optional<Connector> find(ConnectorId id) {
        return Optional.ofNullable(known.get(id, missing -> reading.read(() -> read(missing))));
    }

    private @Nullable Connector read(ConnectorId id) {
        return Optional.ofNullable(entities.find(ConnectorRecord.class, id.value()))
                .flatMap(this::parse)
                .orElse(null);
    }

    /** In the order of their ids. */
    @Transactional
    public List<Connector> all() {
        return entities.createQuery("SELECT c FROM ConnectorRecord c ORDER BY c.id", ConnectorRecord.class)
                .getResultStream()
                .flatMap(row -> parse(row).stream())
                .toList();
    }

    /** By the connector's id, also of connectors whose descriptor is gone. */
    @Transactional
    public Map<ConnectorId, RetentionPeriods> retentions() {
        return entities.createQuery("SELECT c FROM ConnectorRecord c", ConnectorRecord.class)
                .getResultStream()
                .collect(Collectors.toMap(ConnectorRecord::id, row -> Connector.retention(json(row))));
    }

    /** Stores the declared connectors and disables all others. */
    @Transactional
    public Difference declare(Map<ConnectorId, String> definitions) {
        var before = new HashMap<String, String>();
        for (var row : entities.createQuery("SELECT c FROM ConnectorRecord c", ConnectorRecord.class)
                .getResultList()) {
            if (row.isEnabled()) {
                before.put(row.id().value(), row.definition());
            }
            if (!definitions.containsKey(row.id())) {
                row.disable();
            }
        }
        definitions.forEach((id, definition) -> {
            ConnectorRecord row = entities.find(ConnectorRecord.class, id.value());
            if (row == null) {
                row = new ConnectorRecord(id.value());
                entities.persist(row);
            }
            row.declare(definition);
        });
        return Difference.between(
                before,
                definitions.entrySet().stream()
                        .collect(Collectors.toMap(one -> one.getKey().value(), Map.Entry::getValue)));
    }

    public URI redirectUri(Connector connector) {
        return settings.publicUrl(
                connector.sharedCallback() ? "/connector/callback" : "/oauth/callback/" + connector.id());
    }

    /**
     * Makes the registration, by discovery where neither descriptor nor connector names the endpoints.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when a secret is missing
     * @throws dev.grantbook.provider.http.ProviderException when discovery fails
     */
    public ClientRegistration registration(Connector connector) {
        Provider provider = connector.provider();
        var client = new ClientRegistration(
                provider,
                connector.clientId(),
                resolve(connector.clientSecret()),
                key(connector).orElse(null),
                connector.usualAuthentication(),
                redirectUri(connector),
                connector.parameters(),
                connector.again());
        if (provider.isToBeFound() && provider.issuer() != null) {
            ServerMetadata server = discovery.server(provider.issuer());
            client = client.with(
                    server.complete(provider),
                    connector.authentication() == null
                            ? server.authentication(client.clientSecret() != null, client.privateKey() != null)
                            : connector.authentication());
        }
        return connector.pushed()
                ? client
                : client.with(client.provider().withoutPushedAuthorization(), client.authentication());
    }

    /** Reads the server's metadata anew next time, since a call to an endpoint failed. */
    public void doubt(Connector connector) {
        String issuer = connector.provider().issuer();
        if (issuer != null) {
            discovery.doubt(issuer);
        }
    }

    /**
     * The key that the client authenticates with.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when it is missing, or no key
     */
    public Optional<ClientKey> key(Connector connector) {
        return Optional.ofNullable(connector.privateKey())
                .map(reference -> key(connector.id(), reference.resolve(settings)));
    }

    /** Reads a key anew only when its text is another: to check a key takes a signature. */
    private ClientKey key(ConnectorId connector, Secret text) {
        return keys.compute(
                        connector,
                        (id, known) -> known != null && known.text().equals(text)
                                ? known
                                : new ReadKey(text, ClientKey.read(text, clock, random)))
                .key();
    }

    /**
     * What the provider signs account proofs with.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when it is missing
     */
    public Optional<Secret> proofSecret(Connector connector) {
        return Optional.ofNullable(resolve(connector.proofSecret()));
    }

    /**
     * What deliveries are signed with: one secret, or two while it changes; none without deliveries.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when one is missing or malformed
     */
    public List<WebhookSecret> deliverySecrets(Connector connector) {
        return Stream.ofNullable(connector.deliveries())
                .flatMap(target -> Stream.of(target.secret(), target.previousSecret()))
                .filter(Objects::nonNull)
                .map(reference -> WebhookSecret.read(reference.resolve(settings)))
                .toList();
    }

    private @Nullable Secret resolve(@Nullable SecretReference reference) {
        return reference == null ? null : reference.resolve(settings);
    }

    /** Empty when the descriptor of its provider is gone. */
    private Optional<Connector> parse(ConnectorRecord row) {
        Parsed known = parsed.get(row.id());
        if (known != null && known.version == row.version() && known.connector.enabled() == row.isEnabled()) {
            return Optional.of(known.connector);
        }
        JsonObject json = json(row);
        Optional<Provider> provider = catalogue.find(json.getString("provider"));
        Optional<Connector> connector = provider.map(found -> Connector.from(row.id(), row.isEnabled(), json, found));
        connector.ifPresent(made -> parsed.put(row.id(), new Parsed(row.version(), made)));
        return connector;
    }

    private static JsonObject json(ConnectorRecord row) {
        return Json.readObject(row.definition());
    }
}
