package dev.grantbook.connector;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.provider.Discovery;
import dev.grantbook.provider.ServerMetadata;
import dev.grantbook.provider.client.ClientKey;
import dev.grantbook.provider.client.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.io.StringReader;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All connectors, those that are no longer declared included. */
@ApplicationScoped
@Transactional
public class Connectors {

    private final Map<String, Parsed> parsed = new ConcurrentHashMap<>();

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

    private record Parsed(long version, Connector connector) {}

    public Optional<Connector> find(String id) {
        return Optional.ofNullable(entities.find(ConnectorRecord.class, id)).flatMap(this::parse);
    }

    /** In the order of their ids. */
    public List<Connector> all() {
        return entities.createQuery("SELECT c FROM ConnectorRecord c ORDER BY c.id", ConnectorRecord.class)
                .getResultStream()
                .flatMap(row -> parse(row).stream())
                .toList();
    }

    /**
     * How long the data of each connector is kept, by its id; also of those of which nothing else can be said any more.
     */
    public Map<String, RetentionPeriods> retentions() {
        return entities.createQuery("SELECT c FROM ConnectorRecord c", ConnectorRecord.class)
                .getResultStream()
                .collect(Collectors.toMap(ConnectorRecord::id, row -> Connector.retention(json(row))));
    }

    /** Makes the declared connectors the enabled ones, and no others. */
    public void declare(Map<String, String> definitions) {
        for (var row : entities.createQuery("SELECT c FROM ConnectorRecord c", ConnectorRecord.class)
                .getResultList()) {
            if (!definitions.containsKey(row.id())) {
                row.disable();
            }
        }
        definitions.forEach((id, definition) -> {
            ConnectorRecord row = entities.find(ConnectorRecord.class, id);
            if (row == null) {
                row = new ConnectorRecord(id);
                entities.persist(row);
            }
            row.declare(definition);
        });
    }

    /** Where this connector's provider sends users back to. */
    public URI redirectUri(Connector connector) {
        return settings.publicUrl(
                connector.sharedCallback() ? "/connector/callback" : "/oauth/callback/" + connector.id());
    }

    /**
     * What this connector's provider knows us by. The server is asked where its endpoints are when nobody else says so.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when a secret is not where it should be
     * @throws dev.grantbook.provider.http.ProviderException when the server does not say where its endpoints are
     */
    @Transactional(Transactional.TxType.SUPPORTS) // nothing is locked while a server is asked
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

    /** A call to one of the connector's endpoints failed: what its server said about itself may not hold any more. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void doubt(Connector connector) {
        String issuer = connector.provider().issuer();
        if (issuer != null) {
            discovery.doubt(issuer);
        }
    }

    /**
     * The key that this connector's client proves itself with.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when it is not where it should be, or no key
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<ClientKey> key(Connector connector) {
        return Optional.ofNullable(connector.privateKey())
                .map(reference -> ClientKey.read(reference.resolve(settings), clock, random));
    }

    /**
     * What the connector's provider signs account proofs with; empty when the connector does not name it.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when it is not where it should be
     */
    public Optional<Secret> proofSecret(Connector connector) {
        return Optional.ofNullable(resolve(connector.proofSecret()));
    }

    /**
     * What messages to the connector's bot are signed with: one, or two while the secret changes.
     *
     * @throws dev.grantbook.platform.config.ConfigurationException when one is not where it should be, or has another
     *     form
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<WebhookSecret> deliverySecrets(Connector connector) {
        DeliveryTarget target = connector.deliveries();
        return target == null
                ? List.of()
                : Stream.of(target.secret(), target.previousSecret())
                        .filter(Objects::nonNull)
                        .map(reference -> WebhookSecret.read(reference.resolve(settings)))
                        .toList();
    }

    private @Nullable Secret resolve(@Nullable SecretReference reference) {
        return reference == null ? null : reference.resolve(settings);
    }

    /** Empty when the descriptor of its provider is gone: nothing can be said about such a connector. */
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
        try (var reader = Json.createReader(new StringReader(row.definition()))) {
            return reader.readObject();
        }
    }
}
